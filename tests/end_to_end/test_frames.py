"""Frames of every sort: their images have words, and the keys find them as if all were one page."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from end_to_end.browsers.browser import Browser, Tab
from end_to_end.browsers.waiting import wait_for
from end_to_end.conftest import WORDS
from end_to_end.helper_process import Helper
from end_to_end.pages import Pages
from end_to_end.words import press_and_hear, wait_for_words

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

_SECONDS = 240  # the first descriptions on a busy machine, with everything to be loaded
_NEXT = {"chromium": "Alt+Shift+J", "firefox": "Alt+Shift+N"}
_DESCRIBE = "Alt+Shift+D"

_LISTED = "[...document.querySelectorAll('button.image')].map((one) => one.textContent)"
_THE_PAGE = """(globalThis.browser ?? chrome).tabs.query({ url: "*://*/site/frames.html*" })
  .then(([{ id }]) => id)"""

_HOST = "[data-altaloud=panel]"
_PANEL = f"document.querySelector('{_HOST}') !== null"
_IS_IN_PANEL = "document.activeElement.dataset.altaloud === 'panel'"
_CORRECT = f"""(() => {{
  [...root.querySelectorAll("button")].find((one) => one.textContent === "Use my own words").click();
  root.querySelector("textarea").value = "{WORDS["station"]}";
  root.querySelector("form button").click();
  return true;
}})()"""

# What stands in the page, in its order: the id of each image and the picture that it shows.
_IMAGES = {
    "first": "harvest",
    "in-srcdoc": "library",
    "in-data": "museum",
    "in-blob": "garden",
    "in-written": "bakery",
    "in-blank": "harbour",
    "in-cross": "station",
    "in-sandboxed": "bridge",
    "last": "ferry",
}


@pytest.fixture(scope="module")
def elsewhere(site_folders: dict[str, Path]) -> Iterator[Pages]:
    """Another site, by a name of its own: frames of it are in another process where a browser does that."""
    with Pages(site_folders, host="localhost") as serving:
        yield serving


@pytest.fixture
def framed(tab: Tab, pages: Pages, elsewhere: Pages) -> Tab:
    """The page with all frames; each image has its words."""
    tab.open(f"{pages.address}/site/frames.html?other={elsewhere.address}")
    for element_id, picture in _IMAGES.items():
        wait_for_words(tab, element_id, WORDS[picture], seconds=_SECONDS)
    return tab


def test_the_next_key_goes_through_all_frames_as_one_page(
    framed: Tab, browser: Browser, helper: Helper
) -> None:
    said = [press_and_hear(framed, _NEXT[browser.name], helper) for _ in (*_IMAGES, "once more")]

    places = [*range(1, len(_IMAGES) + 1), 1]
    pictures = [*_IMAGES.values(), "harvest"]
    for words, place, picture in zip(said, places, pictures, strict=True):
        assert words.startswith(f"{place} of {len(_IMAGES)}: ")
        assert words.endswith(WORDS[picture])


def test_the_describe_key_finds_the_focus_in_a_frame_of_another_site(
    framed: Tab, browser: Browser, helper: Helper
) -> None:
    while not press_and_hear(framed, _NEXT[browser.name], helper).startswith("7 of "):
        pass  # the focus goes along

    assert press_and_hear(framed, _DESCRIBE, helper).endswith(WORDS["station"])


def test_the_describe_key_finds_what_is_under_the_pointer_in_a_frame(framed: Tab, helper: Helper) -> None:
    left, top = framed.evaluate(
        "(({ left, top }) => [left + 60, top + 40])(sandboxed.getBoundingClientRect())"
    )
    framed.point_at(left, top)

    assert press_and_hear(framed, _DESCRIBE, helper).endswith(WORDS["bridge"])


def test_the_first_image_in_view_may_be_in_a_frame(framed: Tab, helper: Helper) -> None:
    framed.evaluate("(first.remove(), srcdoc.remove(), window.data.remove(), 0)")

    assert press_and_hear(framed, _DESCRIBE, helper).endswith(WORDS["garden"])


def test_the_panel_of_a_small_frame_is_around_all_frames(
    framed: Tab, browser: Browser, helper: Helper
) -> None:
    while not press_and_hear(framed, _NEXT[browser.name], helper).startswith("7 of "):
        pass
    _wait_for_panel(framed, WORDS["station"])

    framed.press("Escape")  # the focus is in the frame
    framed.wait_until(f"!{_PANEL}")
    for _ in range(2):
        press_and_hear(framed, _DESCRIBE, helper)
    _wait_for_panel(framed, WORDS["station"])
    framed.press(_DESCRIBE)
    framed.wait_until(_IS_IN_PANEL)
    assert framed.evaluate_in(_HOST, _CORRECT)  # with the same words, for other tests ask for them as well
    _wait_for_panel(framed, "Kept. From now on these words are used for this image.")

    assert press_and_hear(framed, _NEXT[browser.name], helper).startswith("8 of ")
    framed.wait_until("document.activeElement.id === 'sandboxed'")
    framed.press("Alt+Shift+Q")
    framed.wait_until(_IS_IN_PANEL)
    framed.type("Who?")
    framed.press("Enter")
    _wait_for_panel(framed, "vqa-base")
    framed.press("Escape")
    framed.wait_until("document.activeElement.id === 'sandboxed'")


def _wait_for_panel(tab: Tab, words: str) -> None:
    wait_for(
        lambda: any(words in one for one in tab.words_in("dialog")),
        what=f"a panel with {words}, not {tab.words_in('dialog')}",
    )
    assert tab.evaluate(_PANEL)


def test_the_list_of_images_has_those_of_frames_where_the_frames_stand(framed: Tab, browser: Browser) -> None:
    panel = browser.new_tab(browser.extension_url("panel/panel.html"), is_in_front=False)
    panel.open(f"{browser.extension_url('panel/panel.html')}?tab={panel.evaluate(_THE_PAGE)}")

    def listed() -> list[str]:
        words: list[str] = panel.evaluate(_LISTED)
        return words

    in_order = [WORDS[picture] for picture in _IMAGES.values()]
    wait_for(lambda: _pictures(listed()) == in_order, what=f"{in_order}, not {listed()}")

    framed.evaluate("(srcdoc.remove(), last.after(window.data), 0)")

    moved = [WORDS[_IMAGES[name]] for name in _IMAGES if name not in ("in-srcdoc", "in-data")]
    moved.append(WORDS["museum"])
    wait_for(lambda: _pictures(listed()) == moved, what=f"{moved}, not {listed()}", seconds=_SECONDS)
    panel.close()


def _pictures(listed: list[str]) -> list[str]:
    """Return which picture each of the words in the list is of."""
    return [words for one in listed for words in WORDS.values() if one.endswith(words)]
