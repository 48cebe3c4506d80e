"""The steps of `check.py`: what each runs, what it needs, and how long it may take."""

from dataclasses import dataclass
from pathlib import Path

from environment import ROOT, Environment

_SECONDS = 300
_TESTS_SECONDS = 1800


@dataclass(frozen=True, slots=True)
class Step:
    """One check: a command that ends with 0 where all is well."""

    name: str
    what: str
    command: tuple[str, ...]
    needs: tuple[str, ...]  # of the preparations: "debian", "python", "node"
    folder: Path = ROOT
    seconds: float = _SECONDS
    is_alone: bool = False  # it wants the whole machine, and its output is shown while it runs


def steps(*, with_browsers: bool) -> tuple[Step, ...]:
    """Return every check; the longest first, so that two at a time end together."""
    scripts = Environment().scripts
    return (
        _python("types", "mypy, strict", "-m", "mypy"),
        _node("web-ext", "web-ext lint", "web-ext-lint"),
        _node("javascript", "the JavaScript tests", "test"),
        _node("tsc", "types of the JavaScript", "types"),
        _node("eslint", "style of the JavaScript", "lint"),
        _node("bundle", "the bundle is made from the sources as they are", "check-bundle"),
        Step("layers", "imports point downwards", (str(scripts / "lint-imports"), "--no-logo"), ("python",)),
        _python("lint", "ruff check", "-m", "ruff", "check"),
        _python("format", "ruff format", "-m", "ruff", "format", "--check"),
        _pytest() if with_browsers else _pytest("-m", "not browser"),
    )


def _pytest(*selection: str) -> Step:
    what = "the Python tests without browsers" if selection else "the Python tests, browsers included"
    command = (str(Environment().python), "-m", "pytest", "-q", "--tb=short", "-rfEsR", *selection)
    needs = ("debian", "python", "node")
    return Step("pytest", what, command, needs, seconds=_TESTS_SECONDS, is_alone=True)


def _python(name: str, what: str, *arguments: str) -> Step:
    return Step(name, what, (str(Environment().python), *arguments), needs=("python",))


def _node(name: str, what: str, script: str) -> Step:
    return Step(
        name,
        what,
        (Environment().program("npm"), "run", "--silent", script),
        needs=("python", "node"),  # Node itself may come from the environment
        folder=ROOT / "tests" / "extension",
    )
