"""Images added later, swapped in place, or hidden in shadow roots get the words of what they show."""

import pytest

from end_to_end.browsers.browser import Accessible, Browser, Tab
from end_to_end.browsers.waiting import wait_for
from end_to_end.pages import Pages
from end_to_end.words import wait_for_words

pytestmark = pytest.mark.browser

_PAGE = "/site/living.html"


def _wait_for_name(tab: Tab, element_id: str, expected: Accessible) -> None:
    """Wait until the browser tells assistive technology exactly this."""
    wait_for(
        lambda: tab.accessible(element_id) == expected,
        what=f"{element_id} to be {expected}, not {tab.accessible(element_id)}",
    )


def test_an_image_of_text_is_named_by_its_text(tab: Tab, pages: Pages) -> None:
    tab.open(pages.address + _PAGE)

    _wait_for_name(tab, "first", Accessible("image", "Harvest market"))


@pytest.mark.parametrize("root", ["open", "closed"])
def test_images_in_shadow_roots_are_named(tab: Tab, pages: Pages, root: str) -> None:
    tab.open(pages.address + _PAGE)

    _wait_for_name(tab, f"in-{root}-root", Accessible("image", "Library card"))


def test_an_image_added_later_is_named(tab: Tab, pages: Pages) -> None:
    tab.open(pages.address + _PAGE)
    _wait_for_name(tab, "first", Accessible("image", "Harvest market"))

    tab.evaluate("document.body.insertAdjacentHTML('beforeend', '<img id=late src=/made/museum.png>')")

    _wait_for_name(tab, "late", Accessible("image", "Museum night"))


def test_a_button_whose_label_is_elsewhere_and_empty_is_named(tab: Tab, pages: Pages) -> None:
    tab.open(pages.address + _PAGE)
    tab.evaluate(
        """document.body.insertAdjacentHTML("beforeend", `
          <style>.sign { background: url(/site/close.svg) center / contain no-repeat; }</style>
          <p id="nothing"></p>
          <button id="late" aria-labelledby="nothing" style="width: 24px; height: 24px"></button>`)"""
    )
    _wait_for_name(tab, "late", Accessible("button", ""))

    tab.evaluate("late.className = 'sign'")

    wait_for_words(tab, "late", "Close", seconds=40)


def test_a_label_that_a_script_refers_to_takes_our_words_away(
    browser: Browser, tab: Tab, pages: Pages
) -> None:
    tab.open(pages.address + _PAGE)
    _wait_for_name(tab, "first", Accessible("image", "Harvest market"))

    tab.evaluate("(first.insertAdjacentHTML('afterend', '<p id=label>Market day</p>'), 0)")
    tab.evaluate("(first.ariaLabelledByElements = [label], 0)")

    _wait_for_name(tab, "first", Accessible("image", "Market day"))
    if browser.name == "chromium":
        tab.wait_until("!first.hasAttribute('alt')")
    # In Firefox the page's process would crash here, had an extension looked at it before.
    assert tab.evaluate("first.ariaLabelledByElements.length") == 1


def test_a_swapped_image_never_keeps_the_words_of_the_old_one(tab: Tab, pages: Pages) -> None:
    tab.open(pages.address + _PAGE)
    _wait_for_name(tab, "first", Accessible("image", "Harvest market"))
    # From here on the page itself notes, at each frame that is drawn, which picture stands with which words.
    tab.evaluate(
        """(() => {
          window.seen = new Set();
          const note = () => {
            if (first.complete) seen.add([first.currentSrc.split("/").pop(), first.alt].join(": "));
            requestAnimationFrame(note);
          };
          note();
        })()"""
    )

    tab.evaluate("first.src = '/made/museum.png'")

    _wait_for_name(tab, "first", Accessible("image", "Museum night"))
    seen = tab.evaluate("[...seen]")
    assert "museum.png: Museum night" in seen
    assert "museum.png: Harvest market" not in seen


def test_a_background_that_comes_with_a_class_is_named(tab: Tab, pages: Pages) -> None:
    tab.open(pages.address + _PAGE)
    tab.evaluate(
        """document.body.insertAdjacentHTML("beforeend", `<style>
          .box { width: 180px; height: 60px } .dressed { background: url(/made/museum.png) 0 0 / 100% 100% }
          </style><div id="late" class="box"></div>`)"""
    )
    _wait_for_name(tab, "first", Accessible("image", "Harvest market"))
    assert tab.evaluate("late.hasAttribute('aria-label')") is False

    tab.evaluate("late.classList.add('dressed')")

    _wait_for_name(tab, "late", Accessible("image", "Museum night"))
