"""Waiting for an image's words, told by its browser to assistive technology or spoken by the helper."""

from typing import Protocol

from end_to_end.browsers.browser import Tab
from end_to_end.browsers.waiting import wait_for
from end_to_end.helper_process import Helper


def wait_for_words(tab: Tab, element_id: str, words: str, *, seconds: float) -> None:
    """Wait until an element's accessible name holds `words`.

    Raises:
        TimeoutError: It does not within `seconds`.
    """
    wait_for(
        lambda: words in tab.accessible(element_id).name, what=f"words for {element_id}", seconds=seconds
    )


class _Keyboard(Protocol):
    def press(self, keys: str) -> None: ...


def press_and_hear(keyboard: _Keyboard, key: str, helper: Helper, *, seconds: float = 150) -> str:
    """Press a key and return what the helper says next: all tests' words sound through one helper.

    Raises:
        TimeoutError: It says nothing within `seconds`.
    """
    before = len(helper.spoken)
    keyboard.press(key)
    return wait_for(lambda: helper.spoken[before:], what="the helper to speak", seconds=seconds)[0]
