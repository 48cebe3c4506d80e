"""Runs steps side by side: one line as each ends, the whole output of what fails, nothing left behind."""

import io
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

import running
from checking.steps import Step
from running import SetupError, say

_AT_ONCE = 2  # cores of the machine that this is to be quick on
_LAST_BYTES_SECONDS = 5  # that the output may lag behind a command that has ended


@dataclass(frozen=True, slots=True)
class Result:
    """How a step went."""

    name: str
    state: str  # "passed", "failed" or "not run"
    seconds: float = 0.0
    output: str = ""
    was_shown: bool = False  # the output, while the step ran

    @property
    def is_good(self) -> bool:
        """Whether it passed."""
        return self.state == "passed"

    def __str__(self) -> str:
        return f"{self.name}: {self.state}" + (f", {self.seconds:.1f} s" if self.seconds else "")


class Runner:
    """Runs preparations and steps, and ends what still runs when it is interrupted."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        """`variables` are set for every command, beside those of this process."""
        self.results: list[Result] = []
        self._variables = variables
        self._under_way: set[subprocess.Popen[bytes]] = set()
        self._is_interrupted = False

    def prepare(self, name: str, work: Callable[[], None]) -> None:
        """Do one preparation."""
        began = time.monotonic()
        try:
            work()
        except SetupError as error:
            say(error.output)
            self._note(Result(name, "failed", time.monotonic() - began, f"{error}. {error.advice}"))
        else:
            self._note(Result(name, "passed", time.monotonic() - began))

    def run(self, steps: Sequence[Step]) -> None:
        """Run steps, at most two at once; those whose preparation failed are not run."""
        missing = {result.name for result in self.results if not result.is_good}
        ready = [step for step in steps if missing.isdisjoint(step.needs)]
        for step in steps:
            if step not in ready:
                self._note(Result(step.name, "not run"))
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            try:
                for done in as_completed([pool.submit(self._run, step) for step in ready]):
                    self._note(done.result())
            except BaseException:
                self._is_interrupted = True
                pool.shutdown(wait=False, cancel_futures=True)
                for process in tuple(self._under_way):
                    running.end(process)
                raise

    def _note(self, result: Result) -> None:
        self.results.append(result)
        say(str(result))
        if result.state == "failed" and not result.was_shown:
            say(f"{result.output.strip()}\n")

    def _run(self, step: Step) -> Result:
        began = time.monotonic()
        try:
            process = running.start(step.command, folder=step.folder, variables=self._variables)
        except OSError as error:
            return Result(step.name, "failed", output=f"cannot start {step.command[0]}: {error.strerror}")
        self._under_way.add(process)
        if self._is_interrupted:  # it began while the others were being ended
            running.end(process)
        try:
            output = _follow(process, step)
        finally:
            self._under_way.discard(process)
        state = "passed" if process.returncode == 0 else "failed"
        return Result(step.name, state, time.monotonic() - began, output, was_shown=step.is_alone)


def _follow(process: "subprocess.Popen[bytes]", step: Step) -> str:
    """Collect the output until the command ends, or end it when its time is over."""
    chunks: list[bytes] = []
    reader = threading.Thread(target=_read, args=(process, chunks, step.is_alone), daemon=True)
    reader.start()
    late = ""
    try:
        process.wait(step.seconds)
    except subprocess.TimeoutExpired:
        running.end(process)
        late = f"\n{step.name} took longer than {step.seconds:.0f} seconds and was ended."
        if step.is_alone:
            say(late)
    # A grandchild that is still there may hold the pipe open; nobody waits for its words.
    reader.join(_LAST_BYTES_SECONDS)
    return b"".join(chunks).decode(errors="replace") + late


def _read(process: "subprocess.Popen[bytes]", chunks: list[bytes], is_shown: bool) -> None:
    assert isinstance(process.stdout, io.BufferedReader)
    with process.stdout as output:
        while chunk := output.read1():
            chunks.append(chunk)
            if is_shown:
                sys.stdout.buffer.write(chunk)
                sys.stdout.buffer.flush()
