"""While the helper is not running, the toolbar, the pages and the hotkey say so and what to do."""

from collections.abc import Iterator

import pytest

from end_to_end.browsers.browser import Browser, Tab
from end_to_end.browsers.waiting import wait_for
from end_to_end.conftest import BROWSERS, connect
from end_to_end.helper_process import Helper, free_port
from end_to_end.pages import Pages

pytestmark = pytest.mark.browser

_TITLE = "(globalThis.browser ?? chrome).action.getTitle({})"
_BADGE = "(globalThis.browser ?? chrome).action.getBadgeText({})"


@pytest.fixture(scope="module")
def away(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Helper]:
    """A helper of its own, not running yet; it keeps its port, as a user's does."""
    helper = Helper(tmp_path_factory.mktemp("away") / "home", port=free_port())
    yield helper
    helper.stop_if_running()


@pytest.fixture(params=BROWSERS)
def lonely(
    request: pytest.FixtureRequest, away: Helper, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """A browser whose helper is not running."""
    away.stop_if_running()
    running = BROWSERS[request.param](connect(request.param, away, tmp_path_factory.mktemp(request.param)))
    yield running
    running.close()


def _says(tab: Tab, role: str, words: str) -> None:
    wait_for(
        lambda: any(words in said for said in tab.words_in(role)),
        what=f"{words!r} in the {role}, which says {tab.words_in(role)}",
    )


def test_everything_says_what_to_do_and_goes_on_by_itself(
    lonely: Browser, away: Helper, pages: Pages
) -> None:
    options = lonely.new_tab(lonely.extension_url("options/options.html"))
    options.wait_until("document.querySelector('#state').textContent.includes('helper is not running')")
    assert options.evaluate("document.querySelector('#start').checkVisibility()")

    page = lonely.new_tab(f"{pages.address}/site/living.html")
    wait_for(
        lambda: options.evaluate(_TITLE) == "Altaloud: the helper is not running",
        what="the toolbar to say so",
    )
    assert options.evaluate(_BADGE) == "!"

    page.evaluate("link.focus()")
    page.press("Alt+Shift+D")
    _says(page, "dialog", "helper is not running.")
    _says(page, "dialog", "Start it from your applications")
    page.press("Escape")
    assert page.evaluate("document.querySelectorAll('[data-altaloud]').length") == 0

    away.start()
    page.wait_until("first.alt === 'Harvest market'", seconds=40)
    wait_for(lambda: options.evaluate(_BADGE) == "", what="the toolbar to be content")


def test_the_toolbar_button_starts_it(lonely: Browser, away: Helper, pages: Pages) -> None:
    page = lonely.new_tab(f"{pages.address}/site/living.html")
    popup = lonely.new_tab(lonely.extension_url("popup/popup.html"), is_in_front=False)
    popup.wait_until("document.querySelector('#start').checkVisibility()")

    popup.evaluate("document.querySelector('#start').click()")

    popup.wait_until("document.querySelector('#state').textContent.includes('Connected')", seconds=40)
    page.wait_until("first.alt === 'Harvest market'", seconds=40)
    assert away.is_running
