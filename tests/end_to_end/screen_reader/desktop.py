"""A private desktop without a screen: X display, window manager, message bus, accessibility bus, Orca.

Nothing of the caller's own desktop is used or touched, and no display number is fixed.
"""

import os
import shutil
import subprocess
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from end_to_end.browsers.waiting import wait_for
from end_to_end.screen_reader.speech_server import SpeechServer

# Program and the Debian package that brings it.
_NEEDED = {
    "Xvfb": "xvfb",
    "openbox": "openbox",
    "xdotool": "xdotool",
    "dbus-daemon": "dbus-daemon",
    "/usr/libexec/at-spi-bus-launcher": "at-spi2-core",
    "orca": "orca",
}


def missing_packages() -> list[str]:
    """Return the Debian packages that a screen reader run needs and this machine lacks."""
    return [package for program, package in _NEEDED.items() if shutil.which(program) is None]


class Desktop:
    """A running desktop with Orca reading it aloud into `utterances`."""

    def __init__(self, folder: Path) -> None:
        """Start everything; `folder` becomes the home of the desktop's user."""
        self._folder = folder
        self._running = ExitStack()
        runtime = folder / "run"
        (runtime / "speech-dispatcher").mkdir(parents=True)
        runtime.chmod(0o700)  # or the buses refuse it
        self.variables = {
            "XDG_RUNTIME_DIR": str(runtime),
            "GNOME_ACCESSIBILITY": "1",
            "ACCESSIBILITY_ENABLED": "1",
            "GTK_MODULES": "gail:atk-bridge",
            "NO_AT_BRIDGE": "0",
        }
        try:
            self.variables["DISPLAY"] = ":" + self._start_and_read(
                "Xvfb", "-displayfd", "{fd}", "-screen", "0", "1280x900x24", "-nolisten", "tcp"
            )
            self.variables["DBUS_SESSION_BUS_ADDRESS"] = self._start_and_read(
                "dbus-daemon", "--session", "--nofork", "--print-address={fd}"
            )
            self._start("openbox")
            self._start(
                "/usr/libexec/at-spi-bus-launcher", "--launch-immediately", "--a11y=1", "--screen-reader=1"
            )
            speech = SpeechServer(runtime / "speech-dispatcher" / "speechd.sock")
            self._running.callback(speech.close)
            self.utterances = speech.utterances
            self._start("orca", "--replace", "--enable=speech", "--disable=braille")
            wait_for(lambda: self.utterances, what="Orca's first words", seconds=30)
        except BaseException:
            self._running.close()
            raise

    def press(self, keys: str) -> None:
        """Press keys as a keyboard of this desktop would, in xdotool's words: "Tab", "alt+shift+d"."""
        self._xdotool("key", "--clearmodifiers", keys)

    def focus_window(self, window_class: str) -> None:
        """Bring the window of a program to the front."""
        windows = wait_for(
            lambda: self._xdotool("search", "--onlyvisible", "--class", window_class).split(),
            what=f"a window of {window_class}",
        )
        self._xdotool("windowactivate", "--sync", windows[-1])

    def close(self) -> None:
        """End everything, the last started first."""
        self._running.close()

    def _xdotool(self, *arguments: str) -> str:
        # `search` ends with 1 where there is nothing yet; that is an answer here.
        done = subprocess.run(
            ["xdotool", *arguments],
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
        return done.stdout.strip()

    def _environment(self) -> dict[str, str]:
        own = {"HOME": str(self._folder), "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
        return own | self.variables

    def _start_and_read(self, *command: str) -> str:
        """Start a program that writes one line to the descriptor {fd} when it is ready; return the line."""
        reading, writing = os.pipe()
        with os.fdopen(reading) as answer:
            try:
                self._start(*(part.format(fd=writing) for part in command), descriptor=writing)
            finally:
                os.close(writing)
            return answer.readline().strip()

    def _start(self, *command: str, descriptor: int | None = None) -> None:
        """Start a program that runs until the desktop is closed."""
        with (self._folder / f"{Path(command[0]).name}.log").open("w") as log:
            process = subprocess.Popen(
                command,
                env=self._environment(),
                stdout=log,
                stderr=log,
                pass_fds=[] if descriptor is None else [descriptor],
            )
        self._running.callback(_end, process)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program of ours, gently first."""
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
