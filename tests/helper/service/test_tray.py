"""The tray's icon is an extra: where there is none, that is said, and nothing else changes."""

import asyncio
import re
from pathlib import Path

import pytest

from altaloud.service.tray import Tray, has_display, offer_code
from altaloud.settings import Home


@pytest.mark.parametrize(
    ("environment", "is_wanted", "why_not"),
    [({}, True, "there is no display"), ({"DISPLAY": ":0"}, False, "switched off")],
)
def test_without_a_display_or_a_wish_no_process_is_started(
    tmp_path: Path, environment: dict[str, str], is_wanted: bool, why_not: str
) -> None:
    async def scenario() -> None:
        tray = Tray(Home(tmp_path, is_moved=True), environment, is_wanted=is_wanted)
        await tray.start()
        assert tray.status() == {"is_shown": False, "why_not": why_not}
        await tray.close()

    asyncio.run(scenario())


def test_a_desktop_without_a_tray_is_told(tmp_path: Path) -> None:
    async def scenario() -> None:
        environment = {"DISPLAY": ":987", "PATH": "/usr/bin:/bin"}
        tray = Tray(Home(tmp_path, is_moved=True), environment, is_wanted=True)
        await tray.start()
        async with asyncio.timeout(20):
            while tray.status()["is_shown"]:
                await asyncio.sleep(0.05)
        assert tray.status()["why_not"] == "this desktop has no tray"
        await tray.close()

    asyncio.run(scenario())


def test_an_offered_code_is_shown_though_nothing_can_say_it(tmp_path: Path) -> None:
    words = offer_code(Home(tmp_path, is_moved=True))  # no helper runs

    assert re.match(r"Type \d{3} \d{3} in the extension's options", words)
    assert "could not be spoken: the helper is not running" in words


def test_displays_are_known_by_their_system() -> None:
    assert has_display({}, system="win32")
    assert has_display({}, system="darwin")
    assert has_display({"WAYLAND_DISPLAY": "wayland-0"}, system="linux")
    assert not has_display({}, system="linux")
