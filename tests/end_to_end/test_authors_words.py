"""What an author wrote is left alone to the byte; what nobody wrote is filled in, and can be taken back."""

import pytest

from end_to_end.browsers.browser import Browser, Tab
from end_to_end.pages import Pages

pytestmark = pytest.mark.browser

_PAGE = "/site/authors.html"

# The document as it is now, and as the server sends it, both written out by the browser's own serialiser.
_NOW = "document.querySelector('{part}').outerHTML"
_SERVED = (
    "fetch(location.href).then((reply) => reply.text()).then((text) =>"
    " new DOMParser().parseFromString(text, 'text/html').querySelector('{part}').outerHTML)"
)


def test_not_a_byte_of_an_authors_words_changes(tab: Tab, pages: Pages) -> None:
    tab.open(pages.address + _PAGE)

    tab.wait_until("sentinel.dataset.altaloud === 'done'")

    assert tab.evaluate(_NOW.format(part="#authors")) == tab.evaluate(_SERVED.format(part="#authors"))


def test_the_image_of_a_figure_gets_words_and_its_caption_stays(tab: Tab, pages: Pages) -> None:
    tab.open(pages.address + _PAGE)

    tab.wait_until("document.querySelector('#in-figure').dataset.altaloud === 'done'")

    assert tab.evaluate("document.querySelector('#in-figure').alt") == "Harvest market"
    assert tab.evaluate(_NOW.format(part="#caption")) == tab.evaluate(_SERVED.format(part="#caption"))


def test_undo_gives_the_page_back_to_the_byte(browser: Browser, tab: Tab, pages: Pages) -> None:
    tab.open(pages.address + _PAGE)
    tab.wait_until(
        "sentinel.dataset.altaloud === 'done' && !document.querySelector('[data-altaloud=pending]')"
    )
    popup = browser.new_tab(browser.extension_url("popup/popup.html"), is_in_front=False)
    popup.wait_until("!document.querySelector('#here').hidden")

    popup.evaluate("document.querySelector('#undo').click()")

    popup.wait_until("document.querySelector('#done').textContent === 'The page is as it was.'")
    popup.close()
    assert tab.evaluate(_NOW.format(part="html")) == tab.evaluate(_SERVED.format(part="html"))
