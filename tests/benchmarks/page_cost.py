"""What filling in a large page costs it: the page of the budget, read from its top to its end."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.large_page import large_page
from benchmarks.result import Result
from benchmarks.script_cost import measured
from end_to_end.browsers.browser import Tab
from end_to_end.browsers.chromium import ChromiumTab
from end_to_end.browsers.waiting import wait_for
from end_to_end.conftest import BROWSERS, WORDS, connect
from end_to_end.helper_process import Helper
from end_to_end.pages import Pages
from end_to_end.pictures import draw_words

_SECONDS = 120
_QUIET_LOOKS = 6  # without a change: then all that is to come has come
_ROUNDS = 12
_SCREENS_AT_ONCE = 3  # as near as images are still described

_MARKED = "[data-altaloud]:not([data-altaloud=pending])"
_PENDING = "[data-altaloud=pending]"


def cost_of_a_large_page(folder: Path) -> Iterator[Result]:
    """Open the page, wait for its words, and read on to its end, in each browser."""
    made = folder / "made"
    made.mkdir()
    (made / "large.html").write_text(large_page(), "utf-8")
    for name, words in WORDS.items():
        draw_words(made / f"{name}.png", words)
    with Helper(folder / "home") as helper, Pages({"made": made}) as pages:
        for name, start in BROWSERS.items():
            browser = start(connect(name, helper, folder / name))
            try:
                tab = browser.new_tab("about:blank")
                # A browser compiles what it has not seen before; pages after the first have it easier.
                tab.open(f"{pages.address}/made/large.html")
                _wait_for_quiet(tab)
                yield from _results(tab, name, f"{pages.address}/made/large.html?again")
            finally:
                browser.close()


def _results(tab: Tab, browser: str, address: str) -> Iterator[Result]:
    with measured(tab) as loading:
        tab.open(address)
        _wait_for_quiet(tab)
    with measured(tab) as reading:
        for _ in range(_ROUNDS):
            for _ in range(_SCREENS_AT_ONCE):
                tab.press("Space")
            _wait_for_quiet(tab)
    about = f"content script, 5,000 elements, 200 images, {browser}"
    yield Result(f"{about}: until the first screens are named", round(loading.total, 1), "ms")
    yield Result(f"{about}: until all is read", round(loading.total + reading.total, 1), "ms")
    yield Result(f"{about}: longest task", round(max(loading.longest, reading.longest), 1), "ms")
    yield Result(f"{about}: images decided on", _count(tab, _MARKED), "images")


def _wait_for_quiet(tab: Tab) -> None:
    """Wait until no image waits for its words, and none comes to wait."""
    seen: list[tuple[int, int]] = []

    def is_quiet() -> bool:
        seen.append((_count(tab, _PENDING), _count(tab, _MARKED)))
        last = seen[-_QUIET_LOOKS:]
        return len(last) == _QUIET_LOOKS and len(set(last)) == 1 and last[0][0] == 0

    wait_for(is_quiet, what="the page to be quiet", seconds=_SECONDS)


def _count(tab: Tab, selector: str) -> int:
    """Count elements; in Chromium without a script, which would be counted as ours."""
    if isinstance(tab, ChromiumTab):
        root = tab.devtools.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
        found = tab.devtools.send("DOM.querySelectorAll", {"nodeId": root, "selector": selector})
        return len(found["nodeIds"])
    return int(tab.evaluate(f"document.querySelectorAll({selector!r}).length"))
