"""Waiting for the words that an image gets, as its browser tells them to assistive technology."""

from end_to_end.browsers.browser import Tab
from end_to_end.browsers.waiting import wait_for


def wait_for_words(tab: Tab, element_id: str, words: str, *, seconds: float) -> None:
    """Wait until an element's accessible name holds `words`.

    Raises:
        TimeoutError: It does not within `seconds`.
    """
    wait_for(
        lambda: words in tab.accessible(element_id).name, what=f"words for {element_id}", seconds=seconds
    )
