"""A private PulseAudio that plays into nothing in real time, and a recorder that hears it."""

import array
import math
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

_RATE = 22_050  # samples a second, mono, 16 bit
_SINK = "test_sink"
_READY_SECONDS = 10.0
_LOUD = 300  # of 32,767: far below speech, above what a resampler leaves of silence


def is_installed() -> bool:
    """Say whether this machine has what hearing needs."""
    return all(map(shutil.which, ("pulseaudio", "pactl", "parec")))


class Ear:
    """Records what the sink plays, from the first moment."""

    def __init__(self, environment: dict[str, str], file: Path) -> None:
        self._file = file
        with file.open("wb") as output:
            self._recorder = subprocess.Popen(
                [
                    *("parec", "--device", f"{_SINK}.monitor", "--raw", f"--rate={_RATE}", "--channels=1"),
                    *("--format=s16le", "--latency-msec=5"),
                ],
                env=environment,
                stdout=output,
                stderr=subprocess.DEVNULL,
            )
        _wait_for(lambda: file.stat().st_size > 0)

    def position(self) -> int:
        """Return a moment: how many bytes were heard until now."""
        return self._file.stat().st_size

    def loudness(self, since: int) -> float:
        """Return the root mean square of what was heard since then: 0 is silence, 32,767 the loudest."""
        samples = self._samples(since)
        return math.sqrt(sum(sample * sample for sample in samples) / max(1, len(samples)))

    def wait_for_sound(self, since: int, seconds: float = 5.0) -> float | None:
        """Wait until something is heard; return the seconds of silence before it, or None."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if (first := next(self._loud(since), None)) is not None:
                return first / _RATE
            time.sleep(0.005)
        return None

    def last_sound(self, since: int) -> float | None:
        """Return how many seconds after that moment something was last heard; None if nothing was."""
        last = max(self._loud(since), default=None)
        return None if last is None else last / _RATE

    def close(self) -> None:
        """Stop listening."""
        self._recorder.terminate()
        self._recorder.wait(10)

    def _loud(self, since: int) -> Iterator[int]:
        return (place for place, sample in enumerate(self._samples(since)) if abs(sample) > _LOUD)

    def _samples(self, since: int) -> "array.array[int]":
        with self._file.open("rb") as file:
            file.seek(since // 2 * 2)
            heard = file.read()
        return array.array("h", heard[: len(heard) // 2 * 2])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def server(folder: Path, *, module: str = f"module-null-sink sink_name={_SINK}") -> Iterator[dict[str, str]]:
    """Run a sound server; yield the environment in which programs play on it.

    `module` is what makes its sink: "module-always-sink" is what a desktop without a device has.
    """
    runtime = folder / "sound"
    runtime.mkdir(mode=0o700, parents=True)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(runtime),
        "XDG_RUNTIME_DIR": str(runtime),
        "PULSE_RUNTIME_PATH": str(runtime / "pulse"),
        "PULSE_SERVER": f"unix:{runtime / 'pulse' / 'native'}",
    }
    rate = f"rate={_RATE} channels=1" if "null-sink" in module else ""
    with (folder / "pulseaudio.log").open("wb") as log:
        process = subprocess.Popen(
            [
                *("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--disallow-exit"),
                *("-L", "module-native-protocol-unix", "-L", f"{module} {rate}".strip()),
            ],
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        _wait_for(lambda: _answers(environment))
        yield environment
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def _answers(environment: dict[str, str]) -> bool:
    return (
        subprocess.run(["pactl", "info"], env=environment, capture_output=True, check=False).returncode == 0
    )


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("the sound server is not ready")
        time.sleep(0.02)


def has_speech_server() -> bool:
    """Say whether this machine has speech-dispatcher with a module that speaks by itself."""
    modules = Path("/usr/lib/speech-dispatcher-modules")
    return shutil.which("speech-dispatcher") is not None and (modules / "sd_espeak-ng").exists()


@contextmanager
def speech_server(environment: dict[str, str]) -> Iterator[None]:
    """Run speech-dispatcher, which screen readers on Linux speak through, on a `server` of sound."""
    runtime = Path(environment["XDG_RUNTIME_DIR"])
    listens_on = runtime / "speech-dispatcher" / "speechd.sock"
    listens_on.unlink(missing_ok=True)  # of a server before this one
    process = subprocess.Popen(
        ["speech-dispatcher", "--run-single", "--log-dir", str(runtime), "--timeout", "0"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_for(listens_on.exists)
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # with the modules that it has started
        process.wait(10)
