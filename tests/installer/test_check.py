"""check.py says what it did, ends what takes too long, and claims nothing that it did not see."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

import check
from checking.runner import Runner
from checking.steps import Step
from running import SetupError

CHECK = Path(__file__).parents[1] / "check.py"


def step(
    name: str, code: str, *, needs: tuple[str, ...] = (), seconds: float = 30, alone: bool = False
) -> Step:
    return Step(name, "", (sys.executable, "-c", code), needs, seconds=seconds, is_alone=alone)


def ask(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(CHECK), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def runner() -> Runner:
    return Runner({})


def test_the_list_names_every_step() -> None:
    names = [line.partition(":")[0] for line in ask("--list").stdout.splitlines()]

    assert {"format", "lint", "types", "layers", "eslint", "tsc", "bundle", "web-ext"} < set(names)
    assert {"javascript", "pytest"} < set(names)


def test_an_unknown_step_is_wrong_use() -> None:
    done = ask("--only", "types,spelling")

    assert done.returncode == 2
    assert "spelling" in done.stderr


def test_a_step_that_passes_is_one_line(runner: Runner, capsys: pytest.CaptureFixture[str]) -> None:
    runner.run([step("quiet", "print('not worth reading')")])

    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("quiet: passed")


def test_a_step_that_fails_shows_all_its_output(runner: Runner, capsys: pytest.CaptureFixture[str]) -> None:
    runner.run([step("loud", "import sys; print('one'); print('two', file=sys.stderr); sys.exit(1)")])

    shown = capsys.readouterr().out
    assert "loud: failed" in shown
    assert "one" in shown
    assert "two" in shown


def test_a_step_that_takes_too_long_fails_and_is_ended(runner: Runner) -> None:
    began = time.monotonic()

    runner.run([step("endless", "import time; time.sleep(60)", seconds=1)])

    assert time.monotonic() - began < 10
    assert [result.state for result in runner.results] == ["failed"]
    assert "took longer than 1 seconds" in runner.results[0].output


def test_two_steps_run_side_by_side(runner: Runner, tmp_path: Path) -> None:
    # Each waits until the other is there: one after the other they would wait for ever.
    code = (
        "import pathlib, sys, time\n"
        f"folder = pathlib.Path({str(tmp_path)!r})\n"
        "(folder / '{own}').touch()\n"
        "while not (folder / '{other}').exists(): time.sleep(0.01)"
    )

    runner.run(
        [step("a", code.format(own="a", other="b")), step("b", code.format(own="b", other="a"))],
    )

    assert [result.state for result in runner.results] == ["passed", "passed"]


def test_what_could_not_be_prepared_is_not_called_passed(
    runner: Runner, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_network() -> None:
        raise SetupError("npm failed", advice="Check the network.")

    runner.prepare("node", no_network)
    runner.run([step("eslint", "", needs=("node",)), step("types", "")])

    assert {result.name: result.state for result in runner.results} == {
        "node": "failed",
        "eslint": "not run",
        "types": "passed",
    }
    assert "npm failed. Check the network." in capsys.readouterr().out
    assert check.sum_up(runner, 1.0) == 1


def test_pytests_closing_line_comes_last(runner: Runner, capsys: pytest.CaptureFixture[str]) -> None:
    runner.run([step("format", "")])
    runner.run([step("pytest", "print('..s\\n2 passed, 1 skipped in 3.21s')", alone=True)])

    assert check.sum_up(runner, 4.0) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "2 passed, 1 skipped in 3.21s"
    assert any(line.strip().startswith("format: passed") for line in lines)


def test_no_step_reads_what_is_typed(runner: Runner) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"yes")
    os.close(writing)
    own = os.dup(0)
    os.dup2(reading, 0)
    try:
        runner.run([step("asks", "import sys; sys.exit(sys.stdin.read() != '')", seconds=10)])
    finally:
        os.dup2(own, 0)
        os.close(own)
        os.close(reading)

    assert runner.results[0].is_good


def test_an_interruption_leaves_no_step_running() -> None:
    code = (
        "import sys; sys.path[:0] = [{tests!r}, {installer!r}]\n"
        "import checking.steps, check\n"
        "slow = checking.steps.Step('slow', '', (sys.executable, '-c', 'import time; time.sleep(90)'), ())\n"
        "checking.steps.steps = lambda **_: (slow,)\n"
        "sys.exit(check.main())"
    ).format(tests=str(CHECK.parent), installer=str(CHECK.parents[1] / "installer"))
    process = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True)
    own = psutil.Process(process.pid)
    deadline = time.monotonic() + 20
    while not (slow := own.children()) and time.monotonic() < deadline:
        time.sleep(0.02)

    process.terminate()
    _, complained = process.communicate(timeout=20)

    assert process.returncode == 130
    assert "nothing is left running" in complained
    assert slow
    assert not slow[0].is_running()
