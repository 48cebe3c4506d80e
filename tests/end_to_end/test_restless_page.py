"""Pages that never rest, go on without end, change their view without a load, and come back from memory."""

import pytest

from end_to_end.browsers.browser import Accessible, Browser, Tab
from end_to_end.browsers.waiting import wait_for
from end_to_end.pages import Pages

pytestmark = pytest.mark.browser

_MARKED = "document.querySelector('#{}')?.dataset.altaloud"


def _wait_for_name(tab: Tab, element_id: str, words: str) -> None:
    expected = Accessible("image", words)
    wait_for(lambda: tab.accessible(element_id) == expected, what=f"{element_id} to be {expected}")


@pytest.mark.timeout(300)
def test_on_a_page_that_never_rests_nothing_loops_flickers_or_is_wrong(tab: Tab, pages: Pages) -> None:
    tab.open(f"{pages.address}/site/restless.html?every=150")
    tab.wait_until(
        "turn > 40 && refusals > 0 && document.querySelector('#feed [data-altaloud=done]') !== null"
    )

    tab.evaluate("stop()")

    rest = "document.querySelector('[data-altaloud=pending]') === null"
    named = "[...document.images].every((one) => one === contrary || one.dataset.altaloud === 'done')"
    # What changed again and again is asked for later and later.
    tab.wait_until(f"{rest} && {named}", seconds=120)
    shown = tab.evaluate("slide.src.replace(/.*\\/(\\w+)\\.png.*/, '$1')")
    _wait_for_name(tab, "slide", tab.evaluate(f"WORDS[{shown!r}]"))
    _wait_for_name(tab, "drawn", "Ferry to Oslo")
    _wait_for_name(tab, "blinks", "Library card")
    assert tab.evaluate("[...mismatches]") == []
    # Each image of the feed is touched for the mark, the words, and the mark once more.
    assert tab.evaluate("mostWrites") <= 3


def test_a_page_that_takes_our_words_away_has_its_way(tab: Tab, pages: Pages) -> None:
    tab.open(f"{pages.address}/site/restless.html?every=100000")

    tab.wait_until(f"refusals >= 4 && !{_MARKED.format('contrary')}")

    assert tab.evaluate("contrary.outerHTML") == '<img id="contrary" src="/made/museum.png">'
    assert tab.evaluate("refusals") == 4


def test_a_list_that_grows_as_one_reads_on_is_named_to_its_end(tab: Tab, pages: Pages) -> None:
    tab.open(f"{pages.address}/site/views.html")

    tab.wait_until("scrollTo(0, document.body.scrollHeight), document.images.length >= MOST")

    _wait_for_name(tab, "n22", "Library card")
    _wait_for_name(tab, "n23", "Museum night")


def test_images_of_a_view_that_comes_without_a_load_are_named(tab: Tab, pages: Pages) -> None:
    tab.open(f"{pages.address}/site/views.html")
    _wait_for_name(tab, "n0", "Harvest market")

    tab.evaluate("other.click()")
    _wait_for_name(tab, "in-other-view", "Museum night")

    tab.evaluate("setTimeout(() => history.back())")
    _wait_for_name(tab, "n1", "Ferry to Oslo")


def test_a_page_that_one_comes_back_to_is_named_and_goes_on(tab: Tab, browser: Browser, pages: Pages) -> None:
    address = f"{pages.address}/site/views.html?keep"
    tab.open(address)
    _wait_for_name(tab, "n0", "Harvest market")
    tab.evaluate("(() => { window.wasHere = true })()")
    tab.open(f"{pages.address}/site/notice.html")

    tab.back()

    tab.wait_until(f"location.href === {address!r} && document.readyState === 'complete'")
    # Playwright's Chromium loads it anew; Firefox takes it from its memory, with the words that it had.
    assert browser.name == "chromium" or tab.evaluate("window.wasHere") is True
    _wait_for_name(tab, "n0", "Harvest market")
    tab.evaluate("document.body.insertAdjacentHTML('afterbegin', image('late', 'museum'))")
    _wait_for_name(tab, "late", "Museum night")
