"""What matters about this computer for setting up: its system, its GPU, the tools at hand.

Standard library only: this runs before anything is installed.
"""

import os
import platform
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_NVIDIA_SECONDS = 15  # the first call after a start of the machine wakes the driver


@dataclass(frozen=True, slots=True)
class Machine:
    """The facts on which decisions rest."""

    system: str  # "Linux", "Darwin" or "Windows"
    has_nvidia: bool
    uv: str | None  # the program, where it is at hand
    may_install: bool  # Debian packages, without asking anyone

    @classmethod
    def here(cls) -> "Machine":
        """Look at the computer this runs on."""
        return cls(
            system=platform.system(),
            has_nvidia=_has_nvidia(),
            uv=shutil.which("uv"),
            may_install=shutil.which("apt-get") is not None and os.geteuid() == 0,
        )


@dataclass(frozen=True, slots=True)
class Need:
    """Something from the system: a program's name, or a file by its full path."""

    what: str
    package: str  # Debian's, that brings it
    reason: str

    @property
    def is_here(self) -> bool:
        """Whether this computer has it, wherever it came from."""
        return shutil.which(self.what) is not None or (
            Path(self.what).is_absolute() and Path(self.what).exists()
        )


# What the helper itself uses from the system, beyond what comes with Python packages.
FOR_HELPER = (Need("espeak-ng", "espeak-ng", "a voice"),)

# What the tests use beyond that, but for the browsers.
FOR_TESTS = (
    *FOR_HELPER,
    Need("pulseaudio", "pulseaudio", "a sound device without hardware"),
    Need("pactl", "pulseaudio-utils", "a look at that device"),
    Need("aplay", "alsa-utils", "a player that the system's voice uses"),
    Need("gnome-keyring-daemon", "gnome-keyring", "a keyring"),
    Need("dbus-daemon", "dbus-daemon", "a message bus for the keyring"),
    Need("speech-dispatcher", "speech-dispatcher", "the speech server of screen readers"),
    Need("/usr/lib/speech-dispatcher-modules/sd_espeak-ng", "speech-dispatcher-espeak-ng", "its voice"),
)

FOR_BROWSER_TESTS = (
    Need("chromium", "chromium", "a browser"),
    Need("firefox-esr", "firefox-esr", "a browser"),
    Need("/usr/share/fonts/truetype/dejavu", "fonts-dejavu-core", "letters in the browsers"),
    Need("Xvfb", "xvfb", "a screen that is only memory"),
    Need("openbox", "openbox", "a window manager on it"),
    Need("xdotool", "xdotool", "a keyboard and a pointer on it"),
    Need("orca", "orca", "a screen reader"),
    Need("/usr/libexec/at-spi-bus-launcher", "at-spi2-core", "the screen reader's bus"),
)


def missing(needs: Iterable[Need]) -> list[str]:
    """Return the Debian packages of `needs` that are not met, each once."""
    return list(dict.fromkeys(need.package for need in needs if not need.is_here))


def _has_nvidia() -> bool:
    if any(Path("/proc/driver/nvidia/gpus").glob("*")):
        return True
    program = shutil.which("nvidia-smi")
    if program is None:
        return False
    try:
        listed = subprocess.run(
            [program, "-L"], capture_output=True, text=True, timeout=_NVIDIA_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return False  # a driver that does not answer would not run a model either
    return listed.returncode == 0 and "GPU 0" in listed.stdout
