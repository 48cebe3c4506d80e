"""A sound server of the test's own, and an ear on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import sound


@pytest.fixture(scope="module")
def sound_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    if not sound.is_installed():
        pytest.skip("needs pulseaudio and its tools")
    with sound.server(tmp_path_factory.mktemp("sound")) as environment:
        yield environment


@pytest.fixture(scope="module")
def open_ear(sound_server: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[sound.Ear]:
    """Shared, because a recorder needs two seconds to begin."""
    with sound.Ear(sound_server, tmp_path_factory.mktemp("ear") / "heard.raw") as ear:
        yield ear


@pytest.fixture
def environment(sound_server: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A computer with a sound device."""
    use(sound_server, monkeypatch)
    return sound_server


@pytest.fixture
def ear(open_ear: sound.Ear, environment: dict[str, str]) -> sound.Ear:
    """An ear on the sound device of this computer."""
    del environment
    return open_ear


@pytest.fixture
def silent_computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer without a sound server. (Its sound card, if it has one, cannot be hidden.)"""
    if any(Path("/dev/snd").glob("pcmC*p")):
        pytest.skip("this computer has a sound card")
    (tmp_path / "run").mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("PULSE_SERVER", "PULSE_RUNTIME_PATH"):
        monkeypatch.delenv(name, raising=False)


def use(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
