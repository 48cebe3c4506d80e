"""The tour ends the helper that it started, no other, and hides no error by that."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

import tour
from altaloud.errors import HelperNotRunningError, UnreadableImageError
from altaloud.service import daemon
from altaloud.settings import Home, Settings


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path / "home", is_moved=True)
    home.prepare()
    yield home
    with suppress(HelperNotRunningError):
        daemon.stop(home)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.model_validate({"voice": "file", "voice_file": tmp_path / "spoken.txt"})


def test_a_helper_that_ran_before_goes_on(home: Home, settings: Settings) -> None:
    before = daemon.start(home, settings, port=0, tray=False)

    with tour._a_helper(home, settings, stays=False) as found:
        assert found == before

    assert daemon.running(home) == before


def test_an_error_is_told_though_the_helper_has_gone(home: Home, settings: Settings) -> None:
    def fail() -> None:
        with tour._a_helper(home, settings, stays=False):
            daemon.stop(home)
            raise UnreadableImageError("what really happened")

    with pytest.raises(UnreadableImageError):
        fail()
