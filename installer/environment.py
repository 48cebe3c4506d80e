"""The project's own environment, `.venv`: what is to be done for it on a given machine, and doing it.

Standard library only, for a bare Python 3.11. Used by `try.py` and `tests/check.py`. No registry is named
here: where packages come from is for pip's and uv's own configuration to say.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import running
from machine import FOR_HELPER, Machine, missing
from running import SetupError, say

ROOT = Path(__file__).resolve().parents[1]

_INSTALL_SECONDS = 2400  # the CPU build of torch is 200 MB, the one for NVIDIA 3 GB
_SHORT_SECONDS = 300

_NETWORK = "Check the network and what the lines above say, then run the same command again."

Command = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach something: commands, each of which must succeed."""

    name: str
    commands: tuple[Command, ...]


def torch_ways(machine: Machine, python: str, requirement: str) -> tuple[Way, ...]:
    """Return the ways to install torch on `machine`, best first.

    A Linux machine without an NVIDIA GPU is never offered plain `torch`: there that is the build for
    NVIDIA, several gigabytes of it. Elsewhere plain `torch` is the small build.
    """
    pip = (python, "-m", "pip", "install")
    to_environment = ("pip", "install", "--python", python)
    own_uv = (python, "-m", "uv", *to_environment)
    plain = Way("pip", ((*pip, requirement),))
    auto = Way("uv", ((machine.uv or "uv", *to_environment, "--torch-backend=auto", requirement),))
    brought_auto = Way("uv, brought by pip", ((*pip, "uv"), (*own_uv, "--torch-backend=auto", requirement)))
    if machine.has_nvidia:
        return (auto if machine.uv else brought_auto, plain)
    if machine.system != "Linux":
        return (auto, plain) if machine.uv else (plain,)
    small = Way("pip, the build for CPUs", ((*pip, f"{requirement}+cpu"),))
    brought = Way("uv, brought by pip", ((*pip, "uv"), (*own_uv, "--torch-backend=cpu", requirement)))
    return (auto, small) if machine.uv else (small, brought)


def new_ways(folder: str, interpreter: str, machine: Machine) -> tuple[Way, ...]:
    """Return the ways to make an empty environment with pip in it.

    Debian splits the part of Python that brings pip into a package of its own, so the first may fail.
    """
    python = str(_python_in(Path(folder)))
    venv = (interpreter, "-m", "venv", "--clear")
    ways = [
        Way("venv", ((*venv, folder),)),
        Way(
            "venv and this Python's pip",
            (
                (*venv, "--without-pip", folder),
                (interpreter, "-m", "pip", "--python", python, "install", "pip"),
            ),
        ),
    ]
    if machine.uv:
        ways.append(Way("uv", ((machine.uv, "venv", "--clear", "--seed", "--python", interpreter, folder),)))
    return tuple(ways)


def debian_commands(packages: list[str]) -> tuple[Command, ...]:
    """Return what installs `packages` on Debian; another installation may be under way, so it waits."""
    apt = ("apt-get", "-o", "DPkg::Lock::Timeout=600", "-y")
    return ((*apt, "update"), (*apt, "install", "--no-install-recommends", *packages))


def install_packages(packages: list[str], machine: Machine) -> None:
    """Install Debian packages.

    Raises:
        SetupError: This may not be done here, or it failed.
    """
    listed = " ".join(packages)
    advice = f"On Debian, install them with: sudo apt-get install {listed}"
    if not machine.may_install:
        raise SetupError(f"this computer lacks {listed}", advice=advice)
    say(f"Installing from Debian: {listed}")
    for command in debian_commands(packages):
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        running.run(command, seconds=_INSTALL_SECONDS, advice=advice, variables=quiet)


class Environment:
    """The environment of one copy of the project."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.python = _python_in(self.folder)

    @property
    def scripts(self) -> Path:
        """The folder of the installed commands."""
        return self.python.parent

    @property
    def variables(self) -> dict[str, str]:
        """What makes commands find the environment's programs first."""
        return {"PATH": f"{self.scripts}{os.pathsep}{os.environ.get('PATH', '')}"}

    def program(self, name: str) -> str:
        """Return the full path of a program, the environment's own first; the bare name if there is none."""
        return shutil.which(name, path=self.variables["PATH"]) or name

    def is_ready(self, *, for_tests: bool) -> bool:
        """Say whether everything was installed from the project file as it is now, in this place."""
        return self.python.exists() and self.read_stamp("tests" if for_tests else "product") == self.state()

    def prepare(self, machine: Machine, *, for_tests: bool) -> bool:
        """Make and fill the environment; return False where there was nothing to do.

        Raises:
            SetupError: It cannot be done here; says what to do.
        """
        if self.is_ready(for_tests=for_tests):
            return False
        if not self._works():
            say("Making the environment .venv")
            take_first_that_works(
                new_ways(str(self.folder), sys.executable, machine),
                what="cannot make .venv",
                advice="Install Python's venv module (on Debian: apt-get install python3-venv) and retry.",
            )
        if self.read_stamp("product") != self.state():
            self._install_product(machine)
        if for_tests:
            say("Installing what the tests need")
            self.install("tests", self._project["dependency-groups"]["test"])
        return True

    def install(self, part: str, requirements: list[str]) -> None:
        """Install requirements with pip and note that `part` is done.

        Raises:
            SetupError: pip failed.
        """
        command = (str(self.python), "-m", "pip", "install", *requirements)
        running.run(command, seconds=_INSTALL_SECONDS, advice=_NETWORK, folder=self.root)
        self.write_stamp(part, self.state())

    def read_stamp(self, part: str) -> str | None:
        """Return what `write_stamp` noted of a part."""
        try:
            return (self.folder / f"{part}.stamp").read_text("utf-8")
        except FileNotFoundError:
            return None

    def write_stamp(self, part: str, state: str) -> None:
        """Note the state in which a part was installed."""
        (self.folder / f"{part}.stamp").write_text(state, "utf-8")

    @property
    def _project(self) -> dict[str, dict[str, list[str]]]:
        found: dict[str, dict[str, list[str]]] = tomllib.loads(
            (self.root / "pyproject.toml").read_text("utf-8")
        )
        return found

    def state(self) -> str:
        """Return a digest of all that an installation depends on; a stamp holds the one it was made from."""
        project = self._project
        wanted = [
            project["project"]["dependencies"],
            project["dependency-groups"]["test"],
            str(self.root),
            sys.platform,
        ]
        return hashlib.sha256(json.dumps(wanted).encode()).hexdigest()

    def _install_product(self, machine: Machine) -> None:
        torch = next(line for line in self._project["project"]["dependencies"] if line.startswith("torch=="))
        if not self._has_torch(torch):
            build = (
                "for its NVIDIA GPU" if machine.has_nvidia else "the small build, as there is no NVIDIA GPU"
            )
            say(f"Installing {torch} ({build})")
            take_first_that_works(
                torch_ways(machine, str(self.python), torch),
                what=f"no way to install {torch} on this machine worked",
                advice="Check the network, or install uv and run the same command again.",
            )
        say("Installing Altaloud and its libraries")
        self.install("product", ["--editable", str(self.root)])

    def _works(self) -> bool:
        """Say whether there is an environment whose Python runs and is new enough."""
        code = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
        return self.python.exists() and _succeeds((str(self.python), "-c", code))

    def _has_torch(self, requirement: str) -> bool:
        version = requirement.partition("==")[2]
        code = (
            "import sys, importlib.metadata as metadata\n"
            "found = [torch.version for torch in metadata.distributions(name='torch')]\n"
            "sys.exit(sys.argv[1] not in [version.split('+')[0] for version in found])"
        )
        return _succeeds((str(self.python), "-c", code, version))


def prepare_for_tour() -> Path:
    """Make ready what `try.py` needs and return the environment's Python.

    Raises:
        SetupError: It cannot be done here; says what to do.
    """
    machine = Machine.here()
    if machine.system == "Linux" and (lacking := missing(FOR_HELPER)):
        try:
            install_packages(lacking, machine)
        except SetupError as error:  # everything but speaking works without
            say(f"Going on without a voice: {error}. {error.advice}")
    environment = Environment()
    environment.prepare(machine, for_tests=False)
    return environment.python


def take_first_that_works(ways: tuple[Way, ...], *, what: str, advice: str) -> None:
    """Go one way after the other until one succeeds.

    Raises:
        SetupError: None did; `what` says what is not there now.
    """
    outputs = []
    for way in ways:
        try:
            for command in way.commands:
                running.run(command, seconds=_INSTALL_SECONDS, advice=advice)
        except SetupError as error:
            say(f"  {way.name} could not do it")
            outputs.append(error.output)
        else:
            return
    raise SetupError(what, advice=advice, output="\n".join(outputs))


def _python_in(folder: Path) -> Path:
    return folder / "Scripts" / "python.exe" if os.name == "nt" else folder / "bin" / "python"


def _succeeds(command: Command) -> bool:
    done = subprocess.run(command, capture_output=True, timeout=_SHORT_SECONDS, check=False)
    return done.returncode == 0
