"""Builds the documentation site: `make docs`. Guides are in docs/, the API reference comes of the package itself."""
