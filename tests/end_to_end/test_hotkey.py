"""The describe key: the image at hand, spoken by the helper and shown as text in the page."""

import pytest

from end_to_end.browsers.browser import Tab
from end_to_end.browsers.waiting import wait_for
from end_to_end.conftest import NOTICE
from end_to_end.helper_process import Helper
from end_to_end.pages import Pages
from end_to_end.words import press_and_hear

pytestmark = pytest.mark.browser

_KEY = "Alt+Shift+D"


def _wait_for_panel(tab: Tab, words: str) -> None:
    wait_for(lambda: words in tab.words_in("dialog"), what=f"a panel that says {words!r}")


def test_the_image_of_the_focused_link_is_spoken_and_shown(tab: Tab, pages: Pages, helper: Helper) -> None:
    tab.open(f"{pages.address}/site/living.html")
    tab.evaluate("link.focus()")

    spoken = press_and_hear(tab, _KEY, helper)

    assert spoken == "tickets to oslo: Ferry to Oslo"
    _wait_for_panel(tab, spoken)


def test_where_the_focus_was_last_comes_before_the_first_in_view(
    tab: Tab, pages: Pages, helper: Helper
) -> None:
    tab.open(f"{pages.address}/site/living.html")
    tab.wait_until("first.dataset.altaloud === 'done'")  # our script is there

    tab.evaluate("(link.focus(), link.blur())")

    assert press_and_hear(tab, _KEY, helper) == "tickets to oslo: Ferry to Oslo"


def test_what_has_the_focus_by_the_authors_word_is_spoken(tab: Tab, pages: Pages, helper: Helper) -> None:
    tab.open(f"{pages.address}/site/living.html")
    tab.evaluate(
        """(document.body.insertAdjacentHTML("beforeend", `
          <div id="box" role="listbox" tabindex="0" aria-activedescendant="two">
            <p id="one" role="option"><img src="/made/harvest.png"></p>
            <p id="two" role="option"><img src="/made/museum.png"></p>
          </div>`), box.focus())"""
    )
    tab.wait_until("two.querySelector('img').complete")

    assert press_and_hear(tab, _KEY, helper) == "Museum night"


def test_a_second_press_tells_all(tab: Tab, pages: Pages, helper: Helper) -> None:
    tab.open(f"{pages.address}/site/notice.html")

    short = press_and_hear(tab, _KEY, helper)
    long = press_and_hear(tab, _KEY, helper)

    assert len(short) <= 125
    assert short.endswith("…")
    assert long == " ".join(NOTICE.split())
    _wait_for_panel(tab, long)


def test_an_authors_text_is_read_out_beside_what_was_seen(tab: Tab, pages: Pages, helper: Helper) -> None:
    tab.open(f"{pages.address}/site/living.html")
    tab.evaluate("first.alt = 'The author speaks'")
    tab.evaluate("getSelection().selectAllChildren(first.parentElement)")

    spoken = press_and_hear(tab, _KEY, helper)

    assert spoken == "Harvest market"
    wait_for(
        lambda: any("The author speaks" in words for words in tab.words_in("dialog")),
        what="the author's text in the panel",
    )
    assert tab.evaluate("first.alt") == "The author speaks"


def test_escape_closes_the_panel_and_leaves_the_focus(tab: Tab, pages: Pages, helper: Helper) -> None:
    tab.open(f"{pages.address}/site/living.html")
    tab.evaluate("link.focus()")
    _wait_for_panel(tab, press_and_hear(tab, _KEY, helper))

    tab.press("Escape")

    wait_for(lambda: not tab.words_in("dialog"), what="the panel to go")
    assert tab.evaluate("document.activeElement.id") == "link"
