"""The panel beside a page, the keys for questions and the next image, and pages that are never changed."""

from collections.abc import Iterator

import pytest

from end_to_end.browsers.browser import Browser, Tab
from end_to_end.browsers.waiting import wait_for
from end_to_end.helper_process import Helper
from end_to_end.pages import Pages
from end_to_end.words import press_and_hear

pytestmark = pytest.mark.browser

_SECONDS = 150  # the first description on a busy machine, with everything to be loaded
_NEXT = {"chromium": "Alt+Shift+J", "firefox": "Alt+Shift+N"}
_SHOWN = "document.querySelectorAll('img.thumbnail:not([hidden])').length === 4"
_OBSERVE = """globalThis.changes = [], new MutationObserver((all) => {
  changes.push(...all.map(({ type }) => type)) })
  .observe(document, { subtree: true, childList: true, attributes: true })"""
_DESCRIBE = "[...document.querySelectorAll('li button')].find((one) => one.textContent === 'Describe')"
_IMAGES = "[...document.querySelectorAll('button.image')].map((one) => one.textContent)"


def _until(tab: Tab, expression: str) -> None:
    tab.wait_until(expression, seconds=_SECONDS)


@pytest.fixture
def page(browser: Browser, pages: Pages) -> Iterator[Tab]:
    """A page with four images, one in a link, two in shadow roots; all have got their words."""
    opened = browser.new_tab(f"{pages.address}/site/living.html")
    _until(opened, "first.alt === 'Harvest market'")
    yield opened
    opened.close()


@pytest.fixture
def panel(browser: Browser, page: Tab) -> Iterator[Tab]:
    """The panel, told of the page in front."""
    opened = browser.new_tab(browser.extension_url("panel/panel.html"), is_in_front=False)
    _until(opened, f"{_IMAGES}.length === 4 && {_IMAGES}[0] === '1. Harvest market'")
    yield opened
    opened.close()


def test_the_panel_lists_all_images_and_acts_on_them(panel: Tab, page: Tab) -> None:
    assert panel.evaluate(_IMAGES)[0] == "1. Harvest market"
    panel.evaluate("document.querySelectorAll('button.image')[0].click()")

    panel.evaluate(f"{_DESCRIBE}.click()")
    _until(panel, "document.querySelector('li [role=status]').textContent.includes('Harvest')")

    page.evaluate("first.alt = 'The author has spoken'")
    _until(panel, f"{_IMAGES}[0].includes('The author has spoken')")
    _until(panel, _SHOWN)


def test_the_next_key_steps_on_and_says_where(page: Tab, browser: Browser, helper: Helper) -> None:
    assert press_and_hear(page, _NEXT[browser.name], helper) == "1 of 4: Harvest market"
    assert press_and_hear(page, _NEXT[browser.name], helper).startswith("2 of 4: ")
    wait_for(lambda: page.evaluate("document.activeElement.id") == "link", what="the focus to go along")
    assert page.evaluate("first.hasAttribute('tabindex')") is False


def test_the_question_key_opens_a_field_and_escape_leads_back(page: Tab) -> None:
    page.evaluate("link.focus()")

    page.press("Alt+Shift+Q")
    _until(page, "document.activeElement.dataset.altaloud === 'panel'")
    page.evaluate("globalThis.heard = [], document.addEventListener('keydown', ({ key }) => heard.push(key))")
    page.type("Who?")
    page.press("Enter")
    # Whether the model for questions is there or not, there is an answer in words.
    wait_for(lambda: len(" ".join(page.words_in("dialog"))) > 60, what="an answer", seconds=_SECONDS)
    page.press("Escape")

    page.wait_until("document.activeElement.id === 'link'")
    assert page.evaluate("heard") == []


def test_a_private_page_is_never_changed(browser: Browser, page: Tab, helper: Helper) -> None:
    options = browser.new_tab(browser.extension_url("options/options.html"), is_in_front=False)
    _until(options, "document.querySelector('#state').textContent.includes('Connected')")
    try:
        options.evaluate("document.querySelector('#mode-private').click()")
        _until(page, "!first.hasAttribute('alt') && !document.querySelector('[data-altaloud]')")
        page.evaluate("link.focus()")
        page.evaluate(_OBSERVE)
        panel = browser.new_tab(browser.extension_url("panel/panel.html"), is_in_front=False)
        _until(panel, f"{_IMAGES}.length === 4")

        press_and_hear(page, "Alt+Shift+D", helper)

        _until(panel, "document.querySelector('#hand').textContent.includes('Ferry to Oslo')")
        assert page.evaluate("changes") == []
        panel.close()
    finally:
        options.evaluate("document.querySelector('#mode-fill').click()")
        _until(options, "document.querySelector('#saved').textContent === 'Saved.'")
        options.close()
