"""The extension's own pages: no accessibility fault that axe-core knows, and nothing that needs a mouse."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from end_to_end.browsers.browser import Browser, Tab
from end_to_end.browsers.waiting import wait_for
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


_PANEL = "[data-altaloud=panel]"


@pytest.mark.parametrize("key", ["Alt+Shift+D", "Alt+Shift+Q"])
def test_axe_finds_no_fault_in_the_panel_in_a_page(browser: Browser, pages: Pages, key: str) -> None:
    tab = browser.new_tab(f"{pages.address}/site/living.html")
    tab.wait_until("first.alt === 'Harvest market'", seconds=150)
    tab.evaluate("link.focus()")
    tab.press(key)
    what = "textarea, input" if key.endswith("Q") else "p"
    tab.wait_until(f"document.querySelector('{_PANEL}') !== null")
    wait_for(lambda: tab.evaluate_in(_PANEL, f"root.querySelector('{what}') !== null"), what="the panel")

    # axe does not see into a closed shadow root, so it gets what is in there.
    inside = json.dumps(tab.evaluate_in(_PANEL, "root.innerHTML"))
    tab.evaluate(f"(document.body.innerHTML = {inside}, 0)")
    tab.evaluate(f"(() => {{ {_AXE.read_text('utf-8')} }})()")

    assert tab.evaluate(_FAULTS.replace("(document)", "('[role=dialog]')")) == []
    tab.close()


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
