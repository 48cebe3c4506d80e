"""Orca, a real screen reader, says the helper's words for images that had none."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from end_to_end.browsers.browser import Browser, Tab
from end_to_end.browsers.waiting import wait_for
from end_to_end.conftest import BROWSERS, connect
from end_to_end.helper_process import Helper
from end_to_end.pages import Pages
from end_to_end.screen_reader.desktop import Desktop, missing_packages
from end_to_end.words import press_and_hear

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        bool(missing_packages()), reason=f"needs the Debian packages {' '.join(missing_packages())}"
    ),
]

_NOTHING_WAITS = """(() => {
  const states = [...document.querySelectorAll("[data-altaloud]"), host.shadowRoot.querySelector("img")]
    .map((one) => one.dataset.altaloud);
  return states.length > 3 && states.every((state) => state === "done");
})()"""

_CROWD_IS_NAMED = "document.querySelectorAll('#crowd [data-altaloud=done]').length === 50"

# What the Tab key comes to, one after the other, as Orca says it: words and role.
_STOPS = (
    ("Ferry to Oslo", "link"),
    ("For members only", "link"),
    ("All the news", "link"),
    ("Library card", "button"),
    ("The end of it", "link"),
)

_GRAPHICS = ("Harvest market", "Ferry to Oslo", "The market of my village")
# What those show, and what Orca does to the page when it comes there. The last one does not get the focus:
# that stays on the link before it.
_SHOWN = (
    ("Harvest market", "Math.abs(plain.getBoundingClientRect().top) < 1"),
    ("Ferry to Oslo", "document.activeElement === link"),
    ("Harvest market", "Math.abs(authors.getBoundingClientRect().top) < 1"),
)
_NEVER = "Museum night"  # shown only where the author has spoken, or wants it unseen

_NEXT = {"chromium": "alt+shift+j", "firefox": "alt+shift+n"}

_PRESSES = 3  # a key that comes while the desktop is busy may be lost


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    """A private desktop with Orca."""
    with Desktop(tmp_path / "desktop") as running:
        yield running


@pytest.fixture(params=BROWSERS)
def read_browser(
    request: pytest.FixtureRequest, helper: Helper, desktop: Desktop, tmp_path: Path
) -> Iterator[Browser]:
    """A browser on that desktop."""
    launch = connect(request.param, helper, tmp_path, desktop=desktop.variables)
    running = BROWSERS[request.param](launch)
    yield running
    running.close()


def _press_until_said(desktop: Desktop, key: str, words: str) -> list[str]:
    """Press a key, again if nothing at all is said; return all that is said up to the words."""
    before = len(desktop.utterances)

    def is_said() -> bool:
        return any(words in utterance for utterance in desktop.utterances[before:])

    for _ in range(_PRESSES):
        desktop.press(key)
        try:
            wait_for(is_said, what=words, seconds=20)
        except TimeoutError:
            if len(desktop.utterances) == before:
                continue
        break
    assert is_said(), f"{key}: no {words!r} in {desktop.utterances[before:]}"
    return desktop.utterances[before:]


def _wait_until_said(desktop: Desktop, word: str) -> None:
    wait_for(lambda: word in " ".join(desktop.utterances), what=f"the word {word} by Orca")


def test_a_screen_reader_says_each_image_once_and_nothing_unasked(
    read_browser: Browser, desktop: Desktop, pages: Pages
) -> None:
    tab: Tab = read_browser.new_tab(f"{pages.address}/site/spoken.html")
    tab.wait_until(_NOTHING_WAITS)
    desktop.focus_window(read_browser.name)
    _press_until_said(desktop, "Tab", "Start")

    for words, role in _STOPS:
        said = _press_until_said(desktop, "Tab", words)
        assert sum(one.count(words) for one in said) == 1, f"{words!r} is said twice: {said}"
        _wait_until_said(desktop, role)

    begin = len(desktop.utterances)
    tab.evaluate("fill()")
    tab.wait_until(_CROWD_IS_NAMED, seconds=90)
    _press_until_said(desktop, "shift+Tab", "Library card")
    said = desktop.utterances[begin:]
    assert not any(words in one for one in said for words in ("Harvest market", "Ferry", _NEVER)), said

    _press_until_said(desktop, "ctrl+Home", "What is spoken")
    for words in _GRAPHICS:
        _press_until_said(desktop, "g", words)  # Orca's key for the next graphic
    assert not any(_NEVER in one for one in desktop.utterances)


def test_the_key_describes_what_the_screen_reader_reads(
    read_browser: Browser, desktop: Desktop, pages: Pages, helper: Helper
) -> None:
    tab: Tab = read_browser.new_tab(f"{pages.address}/site/spoken.html")
    tab.wait_until(_NOTHING_WAITS)
    desktop.focus_window(read_browser.name)
    _press_until_said(desktop, "ctrl+Home", "What is spoken")

    for words, (shown, is_reached) in zip(_GRAPHICS, _SHOWN, strict=True):
        _press_until_said(desktop, "g", words)
        tab.wait_until(is_reached)
        assert press_and_hear(desktop, "alt+shift+d", helper).endswith(shown)

    assert press_and_hear(desktop, _NEXT[read_browser.name], helper).startswith("4 of 7: For members only")
