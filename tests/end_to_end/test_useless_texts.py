"""Authors' texts that say nothing are replaced only where the user chose so, kept beside, and given back."""

from collections.abc import Iterator

import pytest

from end_to_end.browsers.browser import Browser, Tab
from end_to_end.browsers.waiting import wait_for
from end_to_end.conftest import WORDS
from end_to_end.pages import Pages
from end_to_end.words import wait_for_words

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

_SECONDS = 240
_PAGE = "/site/useless.html"
_PICTURES = {
    "file": "harvest",
    "word": "ferry",
    "number": "library",
    "address": "museum",
    "holder": "garden",
}

_NOW = "document.querySelector('{part}').outerHTML"
_SERVED = (
    "fetch(location.href).then((reply) => reply.text()).then((text) =>"
    " new DOMParser().parseFromString(text, 'text/html').querySelector('{part}').outerHTML)"
)


def _is_as_served(tab: Tab, part: str) -> bool:
    return bool(tab.evaluate(_NOW.format(part=part)) == tab.evaluate(_SERVED.format(part=part)))


@pytest.fixture
def chosen(browser: Browser) -> Iterator[None]:
    """The user's choice to have such texts replaced."""
    options = browser.new_tab(browser.extension_url("options/options.html"), is_in_front=False)
    options.wait_until("document.querySelector('#state').textContent.includes('Connected')", seconds=_SECONDS)

    def choose(*, replaced: bool) -> None:
        if options.evaluate("uselessAlts.checked") != replaced:
            options.evaluate("uselessAlts.click()")
            options.wait_until("document.querySelector('#saved').textContent === 'Saved.'")

    choose(replaced=True)
    yield
    choose(replaced=False)
    options.close()


def test_without_the_choice_every_text_stays(tab: Tab, pages: Pages) -> None:
    tab.open(pages.address + _PAGE)

    tab.wait_until("sentinel.dataset.altaloud === 'done'", seconds=_SECONDS)

    assert _is_as_served(tab, "#useless")
    assert _is_as_served(tab, "#useful")


@pytest.mark.usefixtures("chosen")
def test_with_it_they_are_replaced_kept_beside_and_given_back(
    browser: Browser, tab: Tab, pages: Pages
) -> None:
    tab.open(pages.address + _PAGE)

    for element_id, picture in _PICTURES.items():
        wait_for_words(tab, element_id, WORDS[picture], seconds=_SECONDS)
    tab.wait_until(
        "document.querySelectorAll('#useless img:not([data-altaloud-alt])').length === 0", seconds=_SECONDS
    )
    kept = tab.evaluate(
        "[...document.querySelectorAll('#useless img')].map((one) => one.dataset.altaloudAlt)"
    )
    assert kept == [
        "IMG_2041.jpg",
        "image",
        "42",
        "https://shop.example/pictures/night",
        *["Our products"] * 4,
    ]
    assert _is_as_served(tab, "#useful")
    tab.evaluate("getSelection().selectAllChildren(document.querySelector('#file').parentElement)")
    tab.press("Alt+Shift+D")
    wait_for(
        lambda: any("IMG_2041.jpg" in words for words in tab.words_in("dialog")),
        what="the author's text in the panel",
        seconds=_SECONDS,
    )
    tab.press("Escape")
    tab.evaluate("getSelection().removeAllRanges()")

    popup = browser.new_tab(browser.extension_url("popup/popup.html"), is_in_front=False)
    popup.wait_until("!document.querySelector('#here').hidden")
    popup.evaluate("document.querySelector('#undo').click()")
    popup.wait_until("document.querySelector('#done').textContent === 'The page is as it was.'")
    popup.close()
    assert _is_as_served(tab, "#useless")
