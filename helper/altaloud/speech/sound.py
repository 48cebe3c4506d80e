"""Whether there is anything to play sound on. Voices do not say: pyttsx3 reports success without a device."""

import asyncio
import ctypes
import os
import shutil
import socket
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from altaloud.errors import NoSoundError

# The sink of PulseAudio and PipeWire that plays into nothing when no device is there; and no sink at all.
_NO_DEVICE = (b"auto_null", b"(null)")
_QUESTION_SECONDS = 1.0


def require_device(environment: Mapping[str, str]) -> None:
    """Look for a sound server or a sound card; takes well under a millisecond.

    Raises:
        NoSoundError: There is certainly none. (That there is one does not prove that it can be heard.)
    """
    if sys.platform == "win32":
        found = ctypes.windll.winmm.waveOutGetNumDevs() > 0
    elif sys.platform == "linux":
        found = _has_server(environment) or _has_card(environment)
    else:
        found = True  # macOS always has one, and says itself when it is gone
    if not found:
        raise NoSoundError("there is no sound device")


async def require_audible_sink() -> None:
    """Ask the sound server, where its own tool is installed, whether what it plays goes anywhere.

    Raises:
        NoSoundError: It plays into nothing.
    """
    pactl = shutil.which("pactl") if sys.platform == "linux" else None
    if pactl is None:
        return
    question = await asyncio.create_subprocess_exec(
        pactl,
        "get-default-sink",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        answer, _ = await asyncio.wait_for(question.communicate(), _QUESTION_SECONDS)
    except TimeoutError:
        return  # the voice's own failure, or its time limit, will tell
    finally:
        if question.returncode is None:
            question.kill()
            await question.wait()
    if answer.strip() in _NO_DEVICE:
        raise NoSoundError("the sound server has no device to play on")


def _has_server(environment: Mapping[str, str]) -> bool:
    if environment.get("PULSE_SERVER"):
        return True  # on another computer, perhaps
    return any(answers(place) for place in _server_sockets(environment))


def _server_sockets(environment: Mapping[str, str]) -> Iterator[Path]:
    if pulse := environment.get("PULSE_RUNTIME_PATH"):
        yield Path(pulse, "native")
    if runtime := environment.get("XDG_RUNTIME_DIR"):
        yield Path(runtime, "pulse", "native")
        yield Path(runtime, "pipewire-0")
    yield Path("/run/pulse/native")  # one for all users


def answers(place: Path) -> bool:
    """Say whether a server listens on this socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.setblocking(False)
        try:
            client.connect(os.fspath(place))
        except BlockingIOError:
            return True  # there, and busy
        except OSError:
            return False
    return True


def _has_card(environment: Mapping[str, str]) -> bool:
    """Look for a card that plays; or for settings of ALSA that may lead somewhere else."""
    if any(Path("/dev/snd").glob("pcmC*D*p")):
        return True
    own = Path(environment.get("HOME", "/"), ".asoundrc")
    return own.exists() or "ALSA_CONFIG_PATH" in environment
