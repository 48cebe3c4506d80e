"""Where the browser is to save data, nothing is loaded that nobody asked for, and the panel says why.

Firefox has no such setting. Chromium's cannot be made from outside, so the worker is told of it in its place.
"""

import shutil
from pathlib import Path

import pytest

from end_to_end.browsers.chromium import Chromium
from end_to_end.helper_process import Helper
from end_to_end.pages import Pages
from end_to_end.words import press_and_hear

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("browser", ["chromium"], indirect=True)]

_SECONDS = 150
_PICTURE = "/made/saved.png"
_SAVE = (
    "Object.defineProperty(NetworkInformation.prototype, 'saveData', { configurable: true, get: () => true })"
)


@pytest.fixture
def page_of_its_own(pages: Pages, site_folders: dict[str, Path]) -> str:
    """The address of a page with a picture that no other test's page asks for."""
    made, site = site_folders["made"], site_folders["site"]
    shutil.copy(made / "ferry.png", made / "saved.png")
    text = (site / "living.html").read_text("utf-8").replace("ferry.png", "saved.png")
    (made / "saving.html").write_text(text, "utf-8")
    return f"{pages.address}/made/saving.html"


def test_nothing_is_loaded_unasked_and_the_panel_says_why(
    browser: Chromium, pages: Pages, helper: Helper, page_of_its_own: str
) -> None:
    before = pages.asked.count(_PICTURE)
    browser.in_background(f"{_SAVE}, 0")
    page = browser.new_tab(page_of_its_own)
    panel = browser.new_tab(browser.extension_url("panel/panel.html"), is_in_front=False)

    panel.wait_until("document.querySelectorAll('button.image').length === 4", seconds=_SECONDS)

    panel.wait_until("!document.querySelector('#saving').hidden")
    assert pages.asked.count(_PICTURE) == before + 1  # by the page itself
    assert page.evaluate("document.querySelectorAll('[data-altaloud]').length") == 0

    page.evaluate("link.focus()")
    assert "Ferry" in press_and_hear(page, "Alt+Shift+D", helper)
    assert pages.asked.count(_PICTURE) == before + 2
