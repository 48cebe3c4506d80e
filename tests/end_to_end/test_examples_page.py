"""The examples page that ships with the project: exactly these words, in the browser's accessibility tree."""

import os
import shutil
from pathlib import Path

import pytest

from end_to_end.browsers.browser import ABSENT, Accessible, Browser, Tab
from end_to_end.browsers.waiting import wait_for
from end_to_end.pages import Pages

pytestmark = pytest.mark.browser

# Without the full model a photograph is called one, and nothing is made up about it.
_WORDS = {
    "sale": "Summer sale Half price until Sunday",
    "photograph": "Photo",
    "linked": "opening hours: Open until 8 pm",
    "late": "Open until 8 pm",  # added by the page a second after it has loaded
}

# What the starter model tells; how sure it is, and so the hedge before these words, changes with its weights.
_LAST_WORDS = {
    "chart": ": Library visitors",  # and no trend is made up
    "icon": "Search",
    "close": "Close",  # white on a dark button
    "logo": ": Corner",
}

# What nothing is written for, and the mark that says why.
_SILENT = {
    "damaged": "failed",
    "spacer": None,  # not even asked about
}

_AUTHORS = {
    "named": Accessible("image", "Dot, the library's puppy"),
    "labelled": Accessible("image", "The sale of old books"),
    "empty": ABSENT,
    "presentation": ABSENT,
    "hidden": ABSENT,
}


_SHOW_WORDS = """(() => {
  for (const image of document.querySelectorAll("[data-altaloud=done]")) {
    const words = document.createElement("p");
    words.textContent = `Altaloud: ${image.alt}`;
    words.style = "margin: .25rem 0; padding: .25rem .5rem; background: #ffe9a8; width: fit-content";
    (image.closest("a") ?? image).after(words);
  }
})()"""


@pytest.fixture
def examples(tab: Tab, pages: Pages) -> Tab:
    """The examples page, with everything said that will be said."""
    tab.open(f"{pages.address}/examples/index.html")
    # Images are described when they come near the view, so the page is read on, as a screen reader does.
    tab.evaluate("document.querySelector('#close').scrollIntoView({ block: 'end' })")
    for element_id in (*_WORDS, *_LAST_WORDS):
        tab.wait_until(f"document.querySelector('#{element_id}')?.dataset.altaloud === 'done'", seconds=60)
    tab.wait_until("!document.querySelector('[data-altaloud=pending]')", seconds=60)
    return tab


def _wait_for(tab: Tab, element_id: str, expected: Accessible) -> None:
    wait_for(
        lambda: tab.accessible(element_id) == expected,
        what=f"{element_id} to be {expected}, not {tab.accessible(element_id)}",
    )


def _wait_for_end(tab: Tab, element_id: str, words: str) -> None:
    wait_for(
        lambda: tab.accessible(element_id).name.endswith(words),
        what=f"{element_id} to end with {words}, not {tab.accessible(element_id)}",
    )


def test_each_image_has_exactly_its_words(examples: Tab) -> None:
    for element_id, words in _WORDS.items():
        _wait_for(examples, element_id, Accessible("image", words))
    _wait_for(examples, "link", Accessible("link", _WORDS["linked"]))


def test_what_the_starter_model_knows_is_said(examples: Tab) -> None:
    for element_id, words in _LAST_WORDS.items():
        _wait_for_end(examples, element_id, words)
    assert examples.accessible("chart").name.startswith(("Bar chart", "Chart or diagram"))
    # The browsers have different words for the role of a button.
    assert examples.accessible("button").name.endswith(_LAST_WORDS["icon"])
    assert examples.accessible("dark-button").name.endswith(_LAST_WORDS["close"])
    assert examples.accessible("home").name.startswith("examples. ")


def test_where_nothing_is_certain_nothing_is_written(examples: Tab) -> None:
    for element_id, mark in _SILENT.items():
        image = f"document.querySelector('#{element_id}')"
        assert examples.evaluate(f"{image}.getAttribute('alt')") is None, element_id
        assert examples.evaluate(f"{image}.dataset.altaloud ?? null") == mark, element_id
        assert examples.accessible(element_id).name == "", element_id


def test_the_authors_own_words_stand(examples: Tab) -> None:
    for element_id, expected in _AUTHORS.items():
        _wait_for(examples, element_id, expected)
        assert not examples.evaluate(f"document.querySelector('#{element_id}').hasAttribute('data-altaloud')")


def test_the_screenshot_of_the_readme_can_be_taken(examples: Tab, browser: Browser, tmp_path: Path) -> None:
    """Sighted readers of the README see what a screen reader says; only this test draws it into the page."""
    examples.evaluate("scrollTo(0, 150)")
    examples.press("Alt+Shift+D")
    wait_for(lambda: _WORDS["sale"] in examples.words_in("dialog"), what="the panel")
    examples.evaluate(_SHOW_WORDS)
    file = tmp_path / "examples.png"

    examples.screenshot(file)

    assert file.read_bytes().startswith(b"\x89PNG")
    if os.environ.get("UPDATE_SCREENSHOT") == browser.name:
        shutil.copyfile(file, Path(__file__).with_name("screenshot.png"))
