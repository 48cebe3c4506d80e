"""What is installed on which machine, and that a second run installs nothing."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from environment import (
    ROOT,
    Command,
    Environment,
    Way,
    debian_commands,
    install_packages,
    new_ways,
    take_first_that_works,
    torch_ways,
)
from machine import Machine, Need, missing
from running import SetupError

TORCH = "torch==2.13.0"
PYTHON = "/project/.venv/bin/python"

SYSTEMS = ("Linux", "Darwin", "Windows")


def machine(
    system: str = "Linux", *, has_nvidia: bool = False, uv: str | None = None, may_install: bool = False
) -> Machine:
    return Machine(system, has_nvidia, uv, may_install)


def commands(ways: tuple[Way, ...]) -> list[Command]:
    return [command for way in ways for command in way.commands]


@pytest.mark.parametrize("uv", [None, "/usr/bin/uv"])
def test_linux_without_an_nvidia_gpu_is_never_offered_gigabytes_of_cuda(uv: str | None) -> None:
    for command in commands(torch_ways(machine(uv=uv), PYTHON, TORCH)):
        asks_for_plain_torch = TORCH in command
        is_told_the_backend = any(part.startswith("--torch-backend=") for part in command)
        assert not asks_for_plain_torch or is_told_the_backend


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("has_nvidia", [True, False])
def test_uv_at_hand_is_asked_first_and_looks_at_the_machine_itself(system: str, has_nvidia: bool) -> None:
    first = torch_ways(machine(system, has_nvidia=has_nvidia, uv="/opt/uv"), PYTHON, TORCH)[0]

    assert first.commands == (
        ("/opt/uv", "pip", "install", "--python", PYTHON, "--torch-backend=auto", TORCH),
    )


@pytest.mark.parametrize("system", ["Darwin", "Windows"])
def test_where_plain_torch_is_the_small_build_pip_installs_it(system: str) -> None:
    assert commands(torch_ways(machine(system), PYTHON, TORCH)) == [(PYTHON, "-m", "pip", "install", TORCH)]


def test_an_nvidia_gpu_gets_a_build_that_can_use_it_with_or_without_uv() -> None:
    ways = torch_ways(machine(has_nvidia=True), PYTHON, TORCH)

    assert ways[0].commands[-1][-2:] == ("--torch-backend=auto", TORCH)
    assert ways[-1].commands == ((PYTHON, "-m", "pip", "install", TORCH),)


def test_a_small_build_is_looked_for_in_pips_own_places_before_uv_is_fetched() -> None:
    small, brought = torch_ways(machine(), PYTHON, TORCH)

    assert small.commands == ((PYTHON, "-m", "pip", "install", f"{TORCH}+cpu"),)
    assert brought.commands[0] == (PYTHON, "-m", "pip", "install", "uv")
    assert brought.commands[1][-2:] == ("--torch-backend=cpu", TORCH)


@pytest.mark.parametrize("uv", [None, "uv"])
@pytest.mark.parametrize("has_nvidia", [True, False])
@pytest.mark.parametrize("system", SYSTEMS)
def test_where_packages_come_from_is_left_to_the_users_own_configuration(
    system: str, has_nvidia: bool, uv: str | None
) -> None:
    here = machine(system, has_nvidia=has_nvidia, uv=uv)
    planned = commands(torch_ways(here, PYTHON, TORCH) + new_ways("/project/.venv", "python3", here))

    assert not [part for command in planned for part in command if "index" in part or "://" in part]


def test_the_first_way_that_works_is_the_last_one_tried(tmp_path: Path) -> None:
    def touch(name: str) -> Command:
        return (sys.executable, "-c", f"open({str(tmp_path / name)!r}, 'w')")

    fails = (sys.executable, "-c", "raise SystemExit(1)")

    take_first_that_works(
        (Way("a", (touch("a1"), fails, touch("a2"))), Way("b", (touch("b"),)), Way("c", (touch("c"),))),
        what="nothing worked",
        advice="",
    )

    assert sorted(path.name for path in tmp_path.iterdir()) == ["a1", "b"]


def test_when_no_way_works_the_last_words_of_each_and_the_advice_are_told() -> None:
    ways = tuple(
        Way(name, ((sys.executable, "-c", f"raise SystemExit('{name} is unreachable')"),)) for name in "ab"
    )

    with pytest.raises(SetupError, match="no torch") as caught:
        take_first_that_works(ways, what="no torch", advice="Check the network.")

    assert caught.value.advice == "Check the network."
    assert caught.value.output == "a is unreachable\nb is unreachable"


def test_a_new_environment_has_a_python_with_pip_and_replaces_a_broken_one(tmp_path: Path) -> None:
    folder = tmp_path / ".venv"
    folder.mkdir()
    (folder / "left-over").touch()

    take_first_that_works(new_ways(str(folder), sys.executable, machine()), what="", advice="")

    assert not (folder / "left-over").exists()
    python = Environment(tmp_path).python
    subprocess.run([python, "-m", "pip", "--version"], check=True, capture_output=True)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project folder with an environment that was filled and noted as such."""
    folder = tmp_path / "project"
    folder.mkdir()
    shutil.copy(ROOT / "pyproject.toml", folder)
    own = Environment(folder)
    own.scripts.mkdir(parents=True)
    own.python.symlink_to(sys.executable)
    for part in ("product", "tests"):
        own.write_stamp(part, own.state())
    return folder


def test_a_filled_environment_is_left_as_it_is(project: Path) -> None:
    assert Environment(project).prepare(machine(), for_tests=True) is False


def test_another_library_in_the_project_file_is_noticed(project: Path) -> None:
    file = project / "pyproject.toml"
    file.write_text(file.read_text("utf-8").replace('"torch==', '"newcomer",\n    "torch=='), "utf-8")

    assert not Environment(project).is_ready(for_tests=False)


def test_a_moved_project_is_installed_anew(project: Path) -> None:
    moved = project.rename(project.with_name("elsewhere"))

    assert not Environment(moved).is_ready(for_tests=False)


def test_only_what_is_missing_is_asked_of_debian(tmp_path: Path) -> None:
    needs = (
        Need(sys.executable, "python3", "a program by its path"),
        Need(str(tmp_path), "a-folder", "a folder by its path"),
        Need("no-such-program", "one", "a program"),
        Need("no-such-program-either", "one", "of the same package"),
        Need("/no/such/file", "two", "a file"),
    )

    assert missing(needs) == ["one", "two"]


def test_debian_packages_wait_for_another_installation_to_end() -> None:
    update, install = debian_commands(["espeak-ng", "xvfb"])

    assert "update" in update
    assert install[-2:] == ("espeak-ng", "xvfb")
    assert all("DPkg::Lock::Timeout=600" in command for command in (update, install))


def test_who_may_not_install_is_told_what_to_install() -> None:
    with pytest.raises(SetupError, match="espeak-ng") as caught:
        install_packages(["espeak-ng"], machine(may_install=False))

    assert "sudo apt-get install espeak-ng" in caught.value.advice
