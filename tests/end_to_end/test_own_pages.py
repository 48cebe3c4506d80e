"""The extension's own pages: no accessibility fault that axe-core knows, and nothing that needs a mouse."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from end_to_end.browsers.browser import Browser, Tab
from end_to_end.keyboard import tab_to, unreachable
from end_to_end.own_pages import OWN_PAGES, opened
from end_to_end.pages import Pages

pytestmark = pytest.mark.browser

_AXE = Path(__file__).parents[1] / "extension" / "node_modules" / "axe-core" / "axe.min.js"

_FAULTS = """axe.run(document).then(({ violations }) =>
  violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`))"""


@pytest.fixture(params=OWN_PAGES)
def own_page(request: pytest.FixtureRequest, browser: Browser, pages: Pages) -> Iterator[Tab]:
    """One of the extension's pages, connected to the helper, with all its parts shown."""
    with opened(request.param, browser, pages) as tab:
        yield tab


def test_axe_finds_no_fault(own_page: Tab) -> None:
    own_page.evaluate(f"(() => {{ {_AXE.read_text('utf-8')} }})()")

    assert own_page.evaluate(_FAULTS) == []


def test_the_tab_key_reaches_every_control(own_page: Tab) -> None:
    own_page.evaluate("document.activeElement.blur()")

    assert unreachable(own_page) == []


def test_a_choice_made_by_keyboard_is_kept(browser: Browser) -> None:
    options = browser.new_tab(browser.extension_url(OWN_PAGES["options"]))
    options.wait_until("document.querySelector('#state').textContent.includes('Connected')")

    tab_to(options, "uselessAlts")
    options.press("Space")
    options.wait_until("document.querySelector('#saved').textContent === 'Saved.'")

    options.open(browser.extension_url(OWN_PAGES["options"]))
    options.wait_until("document.querySelector('#state').textContent.includes('Connected')")
    assert options.evaluate("document.querySelector('#uselessAlts').checked") is True
    tab_to(options, "uselessAlts")
    options.press("Space")
    options.wait_until("document.querySelector('#saved').textContent === 'Saved.'")
    options.close()
