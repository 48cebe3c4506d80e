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

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        bool(missing_packages()), reason=f"needs the Debian packages {' '.join(missing_packages())}"
    ),
]

_ALL_DONE = """['#link img', '#open'].every((part) => {
  const found = document.querySelector(part);
  return (found.shadowRoot?.querySelector("img") ?? found).dataset.altaloud === "done";
})"""


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


def _wait_until_said(desktop: Desktop, words: str, *, after: int) -> None:
    wait_for(
        lambda: any(words in utterance for utterance in desktop.utterances[after:]),
        what=f"Orca to say {words!r}; it said {desktop.utterances}",
    )


def test_a_screen_reader_says_our_words(read_browser: Browser, desktop: Desktop, pages: Pages) -> None:
    tab: Tab = read_browser.new_tab(f"{pages.address}/site/living.html")
    tab.wait_until(_ALL_DONE)
    desktop.focus_window(read_browser.name)

    before = len(desktop.utterances)
    desktop.press("Tab")  # to the link whose only content is an image
    _wait_until_said(desktop, "Ferry to Oslo", after=before)

    before = len(desktop.utterances)
    desktop.press("g")  # Orca's key for the next graphic; that one stands in a shadow root
    _wait_until_said(desktop, "Library card", after=before)
