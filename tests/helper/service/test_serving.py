"""The status says what is wrong with the voice before anybody waits for words."""

import shutil
from pathlib import Path

import pytest

from altaloud.service.serving import Mouth
from altaloud.settings import Settings

pytestmark = [
    pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="needs espeak-ng"),
    pytest.mark.skipif(any(Path("/dev/snd").glob("pcmC*p")), reason="a sound card cannot be hidden"),
]


@pytest.mark.parametrize("voice", ["auto", "espeak-ng"])
def test_a_voice_without_a_sound_device_is_told(
    voice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("PULSE_SERVER", "PULSE_RUNTIME_PATH", "ALSA_CONFIG_PATH"):
        monkeypatch.delenv(name, raising=False)

    status = Mouth(Settings.model_validate({"voice": voice})).status()

    assert status["voice"] == voice
    assert status["problem"]["error"] == "NoSoundError"
    assert "sound device" in status["problem"]["advice"]


def test_a_voice_that_needs_no_sound_device_has_no_problem(tmp_path: Path) -> None:
    status = Mouth(Settings.model_validate({"voice": "file", "voice_file": tmp_path / "said.txt"})).status()

    assert status == {"voice": "file", "problem": None}
