"""A browser that may start no program is connected by a code, with the keyboard alone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from end_to_end.browsers.browser import Browser, Launch
from end_to_end.conftest import BROWSERS, EXTENSION
from end_to_end.helper_process import Helper
from end_to_end.keyboard import tab_to
from end_to_end.pages import Pages

pytestmark = pytest.mark.browser


@pytest.fixture(params=BROWSERS)
def stranger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Browser]:
    """A browser without our native messaging manifest, as in a Snap or Flatpak."""
    running = BROWSERS[request.param](Launch(EXTENSION, tmp_path / "home", tmp_path / "profile"))
    yield running
    running.close()


def test_a_code_connects_a_browser(stranger: Browser, helper: Helper, pages: Pages) -> None:
    page = stranger.new_tab(f"{pages.address}/site/living.html")
    options = stranger.new_tab(stranger.extension_url("options/options.html"))
    options.wait_until("document.querySelector('#state').textContent.includes('not connected')")
    assert page.evaluate("first.getAttribute('alt')") is None

    printed = helper.run("pair")
    code, port = re.search(r"\d+ \d+", printed), re.search(r"port is (\d+)", printed)
    assert code, "`altaloud pair` shows no code"
    assert port, "`altaloud pair` does not show the port, which the options page asks for"
    tab_to(options, "code")
    options.type(code[0])
    tab_to(options, "port")
    options.type(port[1])  # what is there is selected by the Tab key, so typing replaces it
    options.press("Enter")

    options.wait_until("document.querySelector('#state').textContent.includes('Connected')")
    page.wait_until("first.alt === 'Harvest market'", seconds=40)


def test_a_wrong_code_is_refused_in_words(stranger: Browser, helper: Helper) -> None:
    helper.run("pair")
    options = stranger.new_tab(stranger.extension_url("options/options.html"))
    options.wait_until("document.querySelector('#port').value")

    tab_to(options, "code")
    options.type("000 000 00")
    tab_to(options, "port")
    options.type(str(helper.runtime["port"]))
    options.press("Enter")

    options.wait_until("document.querySelector('#state').textContent.includes('code is wrong')")
    assert not options.evaluate("document.querySelector('#state').textContent.includes('Connected')")
