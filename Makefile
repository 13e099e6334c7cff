# make serve   does all set-up and serves http://localhost:8000
# make check   does all set-up and runs tests that take little time and no browser, with two cases each
# make test    does all set-up and runs every test
# make hosts   does all set-up and installs the notebooks of others, for the tests of tests/hosts
# make docs    does all set-up and builds the documentation into build/docs/site/
# make serve-docs   builds the documentation and serves it at http://localhost:8000/docs/, with the page that runs its programs
# make screenshots   does all set-up and writes pictures of the page into build/screenshots/
# Set-up is incremental: each step leaves a stamp in build/ and is repeated when what it depends on has changed.

PYTHON ?= python3
BIN := .venv/bin
SETUP := build/.python build/.npm build/.vendor build/.wheels

.PHONY: setup serve check test lint bench format clean
.DELETE_ON_ERROR:

setup: $(SETUP)

build/.python: pyproject.toml
	@$(PYTHON) tools/check_tools.py python
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@mkdir -p build && touch $@

build/.npm: package.json package-lock.json
	@$(PYTHON) tools/check_tools.py node
	npm ci --ignore-scripts --no-audit --no-fund
	@mkdir -p build && touch $@

build/.vendor: build/.npm tools/vendor/codemirror.js
	npx --no-install esbuild tools/vendor/codemirror.js --bundle --minify --format=esm \
		--log-level=warning --outfile=build/vendor/codemirror/codemirror.mjs
	@touch $@

# micropip and packaging are pure Python: the page serves them itself, and needs no CDN for them.
build/.wheels: build/.python tools/requirements-page.txt
	rm -rf build/wheels && mkdir -p build/wheels
	$(BIN)/python -m pip download --quiet --no-deps --only-binary=:all: --python-version 3.14 \
		--dest build/wheels --requirement tools/requirements-page.txt
	@touch $@

# The notebooks of others, and what JupyterLite's kernel installs when it starts: `pytest tests/hosts` runs the package in them.
.PHONY: hosts
hosts: $(SETUP) build/.hosts

build/.hosts: build/.python tests/hosts/requirements-lite.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,hosts]'
	rm -rf build/hosts && mkdir -p build/hosts
	$(BIN)/python -m pip download --quiet --no-deps --only-binary=:all: --python-version 3.14 --platform any \
		--implementation py --abi none --dest build/hosts --requirement tests/hosts/requirements-lite.txt
	@touch $@

serve: $(SETUP)
	$(BIN)/python serve.py $(ARGS)

# A process for each core, which has whole files; NumPy's own threads would only get in their way. Two cases of a test that has more.
check: $(SETUP)
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses=auto --dist=loadfile \
		-m "not browser and not slow" --few 2 $(ARGS)

# All of it: what needs no browser in a process for each core, then what shares one browser. ARGS: a part, in one process.
test: $(SETUP)
	@$(BIN)/python tools/check_tools.py chromium
ifdef ARGS
	$(BIN)/python -m pytest $(ARGS)
else
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses=auto --dist=loadfile -m "not browser"
	$(BIN)/python -m pytest -m browser
endif

# Long work with failures at drawn moments: a quarter of an hour on a quiet machine; what hangs ends after an hour and a half.
# ARGS="-k lost" runs a part.
.PHONY: soak
soak: $(SETUP)
	@$(BIN)/python tools/check_tools.py chromium
	timeout 5400 $(BIN)/python -m pytest --soak tests/soak $(ARGS)

# An editable installation has type stubs in build/stubs; after changes of declarations they are written anew.
.PHONY: stubs
stubs: $(SETUP)
	$(BIN)/python -m tools.stubs

.PHONY: docs
docs: $(SETUP)
	$(BIN)/python -m tools.docs

.PHONY: serve-docs
serve-docs: docs
	$(BIN)/python serve.py --docs $(ARGS)

.PHONY: suite
suite: $(SETUP)
	$(BIN)/python -m tests.tfjs.suite $(ARGS)

lint: $(SETUP)
	@$(BIN)/python tools/check_tools.py glslang
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	npx --no-install eslint --max-warnings 0 .
	npx --no-install prettier --check --log-level warn .
	npx --no-install tsc --project tsconfig.json
	$(BIN)/python tools/check_glsl.py
	$(BIN)/python tools/check_files.py

format: $(SETUP)
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .
	npx --no-install prettier --write --log-level warn .

bench: $(SETUP)
	@$(BIN)/python tools/check_tools.py chromium
	$(BIN)/python bench/run.py $(ARGS)

.PHONY: bench-page
bench-page: $(SETUP)
	$(BIN)/python bench/run.py --page $(ARGS)

.PHONY: screenshots
screenshots: $(SETUP)
	@$(BIN)/python tools/check_tools.py chromium
	$(BIN)/python -m tools.screenshots $(ARGS)

clean:
	rm -rf .venv build dist node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis
