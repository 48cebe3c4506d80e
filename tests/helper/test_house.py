"""The house is as its README says: every setting, command and route is written down there."""

import re
from pathlib import Path

import pytest
import typer

from altaloud import cli
from altaloud.settings import Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
LONGEST_FILE = 300  # lines: more asks for a second noun

SOURCES = sorted(
    path
    for folder, pattern in (("helper", "*.py"), ("installer", "*.py"), ("extension", "*.js"))
    for path in (ROOT / folder).rglob(pattern)
    if "bundle" not in path.name
)


def commands(app: typer.Typer, prefix: str = "") -> list[str]:
    own = [
        prefix + str(command.name or getattr(command.callback, "__name__", "")).rstrip("_")
        for command in app.registered_commands
    ]
    for group in app.registered_groups:
        assert group.typer_instance is not None
        own += commands(group.typer_instance, f"{prefix}{group.name} ")
    return own


@pytest.mark.parametrize("setting", sorted(Settings.model_fields))
def test_every_setting_is_in_the_readme(setting: str) -> None:
    assert f"`{setting}`" in README


@pytest.mark.parametrize("command", commands(cli.build()))
def test_every_command_is_in_the_readme(command: str) -> None:
    lines = [line for line in README.splitlines() if line.startswith("| `altaloud ")]
    assert any(all(re.search(rf"\b{word}\b", line) for word in command.split()) for line in lines)


def test_every_route_is_in_the_readme() -> None:
    api = (ROOT / "helper/altaloud/service/api.py").read_text("utf-8")
    routes = set(re.findall(r'"(/v1/[\w/{}]+)"', api))

    assert routes
    assert {route for route in routes if f"`{route}`" not in README} == set()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_FILE
