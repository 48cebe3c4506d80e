"""The panel beside a page, the keys for questions and for the next image, and pages that are never changed."""

from collections.abc import Iterator

import pytest

from end_to_end.browsers.browser import Browser, Tab
from end_to_end.browsers.waiting import wait_for
from end_to_end.helper_process import Helper
from end_to_end.pages import Pages

pytestmark = pytest.mark.browser

_SECONDS = 60
_NEXT = {"chromium": "Alt+Shift+G", "firefox": "Alt+Shift+N"}
_IMAGES = "[...document.querySelectorAll('button.image')].map((one) => one.textContent)"


@pytest.fixture
def page(browser: Browser, pages: Pages) -> Iterator[Tab]:
    """A page with four images, one in a link, two in shadow roots; all have got their words."""
    opened = browser.new_tab(f"{pages.address}/site/living.html")
    opened.wait_until("first.alt === 'Harvest market'", seconds=_SECONDS)
    yield opened
    opened.close()


@pytest.fixture
def panel(browser: Browser, page: Tab) -> Iterator[Tab]:
    """The panel, told of the page in front."""
    opened = browser.new_tab(browser.extension_url("panel/panel.html"), is_in_front=False)
    opened.wait_until(f"{_IMAGES}.length === 4 && {_IMAGES}.every((one) => one.length > 20)", seconds=_SECONDS)
    yield opened
    opened.close()


def test_the_panel_lists_all_images_and_acts_on_them(panel: Tab, page: Tab) -> None:
    assert panel.evaluate(_IMAGES)[0] == "1. Harvest market"
    panel.evaluate("document.querySelectorAll('button.image')[0].click()")

    panel.evaluate("[...document.querySelectorAll('li button')].find((one) => /^Describe/.test(one.textContent)).click()")
    panel.wait_until("document.querySelector('li [role=status]').textContent.includes('Harvest')", seconds=_SECONDS)

    page.evaluate("first.alt = 'The author has spoken'")
    panel.wait_until(f"{_IMAGES}[0].includes('The author has spoken')", seconds=_SECONDS)
    panel.wait_until("document.querySelectorAll('img.thumbnail:not([hidden])').length === 4", seconds=_SECONDS)


def test_the_next_key_steps_from_image_to_image_and_says_where(page: Tab, browser: Browser, helper: Helper) -> None:
    before = len(helper.spoken)

    page.press(_NEXT[browser.name])
    wait_for(lambda: helper.spoken[before:], what="the first place", seconds=_SECONDS)
    page.press(_NEXT[browser.name])
    wait_for(lambda: len(helper.spoken[before:]) == 2, what="the second place", seconds=_SECONDS)  # noqa: PLR2004

    assert helper.spoken[before] == "1 of 4: Harvest market"
    assert helper.spoken[before + 1].startswith("2 of 4: ")
    wait_for(lambda: page.evaluate("document.activeElement.id") == "link", what="the focus to go along")
    assert page.evaluate("first.hasAttribute('tabindex')") is False


def test_the_question_key_opens_a_field_and_escape_leads_back(page: Tab) -> None:
    page.evaluate("link.focus()")

    page.press("Alt+Shift+Q")
    page.wait_until("document.activeElement.dataset.altaloud === 'panel'", seconds=_SECONDS)
    page.evaluate("globalThis.heard = [], document.addEventListener('keydown', ({ key }) => heard.push(key))")
    page.type("Who?")
    page.press("Enter")
    # Whether the model for questions is there or not, there is an answer in words.
    wait_for(lambda: len(" ".join(page.words_in("dialog"))) > len("Ask") * 20, what="an answer", seconds=_SECONDS)
    page.press("Escape")

    page.wait_until("document.activeElement.id === 'link'")
    assert page.evaluate("heard") == []


def test_a_private_page_is_never_changed(browser: Browser, page: Tab, helper: Helper) -> None:
    options = browser.new_tab(browser.extension_url("options/options.html"), is_in_front=False)
    options.wait_until("document.querySelector('#state').textContent.includes('Connected')", seconds=_SECONDS)
    try:
        options.evaluate("document.querySelector('#mode-private').click()")
        page.wait_until("!first.hasAttribute('alt') && !document.querySelector('[data-altaloud]')", seconds=_SECONDS)
        page.evaluate("link.focus()")
        page.evaluate(
            "globalThis.changes = [], new MutationObserver((all) => changes.push(...all.map(({ type }) => type)))"
            ".observe(document, { subtree: true, childList: true, attributes: true })"
        )
        panel = browser.new_tab(browser.extension_url("panel/panel.html"), is_in_front=False)
        panel.wait_until(f"{_IMAGES}.length === 4", seconds=_SECONDS)
        before = len(helper.spoken)

        page.press("Alt+Shift+D")

        wait_for(lambda: helper.spoken[before:], what="the helper to speak", seconds=_SECONDS)
        panel.wait_until("document.querySelector('#hand').textContent.includes('Ferry to Oslo')", seconds=_SECONDS)
        assert page.evaluate("changes") == []
        panel.close()
    finally:
        options.evaluate("document.querySelector('#mode-fill').click()")
        options.wait_until("document.querySelector('#saved').textContent === 'Saved.'", seconds=_SECONDS)
        options.close()
