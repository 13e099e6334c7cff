"""What CI installs, and how, with commands that only note how they are called."""

import subprocess

import pytest

from tools.site import ROOT

SCRIPT = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
FUNCTIONS = SCRIPT[SCRIPT.index("cd ") : SCRIPT.index("PYTHON=$")].partition("\n")[2]
BROWSERS = SCRIPT[SCRIPT.index("# One by one") : SCRIPT.index("if command -v firefox-esr")]

# Of all commands that are asked for only apt-get is there, and it has no firefox-esr, as on Ubuntu.
FAKES = """
set -euo pipefail
command() { [ "$2" = apt-get ]; }
id() { echo "$USER_ID"; }
sudo() { [ "$MAY_SUDO" = yes ] && shift && as=sudo && "$@"; }
env() { shift; "$@"; }
apt-get() { echo "${as:-self}: $*" >&2; case "$*" in *firefox-esr*) return 100;; esac; }
"""


def called(source, user, may_sudo):
    given = {"USER_ID": str(user), "MAY_SUDO": may_sudo, "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        ["bash", "-c", FAKES + FUNCTIONS + source], check=False, env=given, capture_output=True, text=True
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize(("user", "way"), [(0, "self"), (1000, "sudo")])
def test_packages_are_installed_as_root_or_by_sudo(user, way):
    code, told = called("install_packages one two", user, "yes")
    assert code == 0
    assert f"{way}: update" in told
    assert f"{way}: install" in told
    assert "one two" in told


def test_who_may_not_install_is_told_what_is_missing():
    code, told = called("install_packages one two", 1000, "no")
    assert code == 1
    assert told.startswith("Missing: one two.")


def test_a_browser_that_the_system_does_not_have_costs_no_other():
    code, told = called(BROWSERS, 0, "no")
    assert code == 0
    assert [line.split()[-1] for line in told.splitlines() if "install" in line] == [
        "xauth",
        "firefox-esr",
        "webkit2gtk-driver",
    ]
    assert "--no-install-recommends" not in told
