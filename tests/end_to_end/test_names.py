"""Names by the steps of the W3C's computation: in each browser's own tree, by our library, and left alone.

The cases are ours, made of what can be a picture. For each step of the text that the tests in accname/name of
web-platform-tests/wpt are about there are some, and some for HTML-AAM, SVG-AAM and shadow roots:
https://www.w3.org/TR/accname-1.2/#computation-steps. Where a browser, or the library, has another name than
the text gives, a case says so.
"""

import json
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from end_to_end.browsers.browser import Browser, Tab
from end_to_end.browsers.waiting import wait_for
from end_to_end.pages import Pages

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

_SECONDS = 240
_HERE = Path(__file__).parent
_CASES: list[dict[str, Any]] = json.loads((_HERE / "accname.json").read_text("utf-8"))
_ICON = '<i class="icon"></i>'
_PAGE = """<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <title>Names by the steps of the computation</title>
  <style>
    section { columns: 6; } /* so that all of it is near the view */
    .icon { display: inline-block; width: 24px; height: 24px; }
    .icon { background: url(/site/close.svg) center / contain no-repeat; }
    .before::before { content: "Before"; }
    .after::after { content: "After"; }
    .gone { display: none; }
    .unseen { visibility: hidden; }
    .read { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%%); }
  </style>
  <h1>Names</h1>
  <section id="named">%s</section>
  <section id="nameless">%s</section>
  <script src="/made/names.js"></script>
</html>
"""
_ALL = "[...document.querySelectorAll('{part}')].map((one) => one.{of})"
_LIBRARY = """
  import { computeAccessibleName } from "dom-accessibility-api";
  import { makeNames } from "../../extension/content/names.js";
  globalThis.names = makeNames(globalThis, computeAccessibleName);
"""


def _html(place: int) -> str:
    return str(_CASES[place]["html"]).replace("$", f"case{place}").replace("*", _ICON)


def _references() -> str:
    """Return the script by which an author refers to elements themselves."""
    lines = []
    for place, case in enumerate(_CASES):
        for element, labels in case.get("refers", {}).items():
            line = f"{element}.ariaLabelledByElements = [{', '.join(labels)}];"
            lines.append(line.replace("$", f"case{place}"))
    return "\n".join(lines)


_NAMED = [place for place, case in enumerate(_CASES) if case["name"]]
_NAMELESS = [place for place, case in enumerate(_CASES) if not case["name"]]


def _wait_for_name(tab: Tab, place: int) -> None:
    wait_for(lambda: tab.accessible(f"case{place}").name, what=_html(place), seconds=_SECONDS)


@pytest.fixture(scope="module")
def cases(browser: Browser, pages: Pages, site_folders: dict[str, Path]) -> Iterator[Tab]:
    """A page of all cases, with our library in it; what has no name has got one from us."""
    sections = ("\n".join(map(_html, places)) for places in (_NAMED, _NAMELESS))
    (site_folders["made"] / "names.html").write_text(_PAGE % tuple(sections), "utf-8")
    tests = _HERE.parent / "extension"
    bundle = [str(tests / "node_modules" / "esbuild" / "bin" / "esbuild"), "--bundle", "--format=iife"]
    made = subprocess.run(bundle, cwd=tests, input=_LIBRARY, capture_output=True, text=True, check=True)
    (site_folders["made"] / "names.js").write_text(_references() + made.stdout, "utf-8")
    tab = browser.new_tab(f"{pages.address}/made/names.html")
    for place in _NAMELESS:
        _wait_for_name(tab, place)
    yield tab
    tab.close()


def _expected(who: str) -> dict[str, str]:
    return {_html(place): _CASES[place].get(who, _CASES[place]["name"]) for place in _NAMED}


def test_each_browser_has_the_name_of_the_computation(browser: Browser, cases: Tab) -> None:
    expected = _expected(browser.name)
    told: dict[str, str] = {}

    def is_settled() -> bool:
        """A browser computes some names a moment after the page has come."""
        told.update((_html(place), cases.accessible(f"case{place}").name.strip()) for place in _NAMED)
        return told == expected

    with suppress(TimeoutError):
        wait_for(is_settled, what="the names", seconds=20)
    assert told == expected


def _seen(browser: Browser) -> list[int]:
    """Return the cases whose names can be seen: Firefox crashes where references by scripts are looked at."""
    return [place for place in _NAMED if browser.name == "chromium" or "refers" not in _CASES[place]]


def test_our_library_has_it_too(browser: Browser, cases: Tab) -> None:
    places = _seen(browser)
    told = {place: cases.evaluate(f"names.of(document.querySelector('#case{place}'))") for place in places}

    expected = _expected("library")
    assert {_html(place): name for place, name in told.items()} == {
        _html(place): expected[_html(place)] for place in places
    }


def test_none_that_has_a_name_is_changed(browser: Browser, cases: Tab) -> None:
    named = ", ".join(f"#case{place}, #case{place} *" for place in _seen(browser))
    marked = cases.evaluate(
        f"[...document.querySelectorAll('{named}')].filter((one) => one.dataset.altaloud)"
        ".map((one) => one.outerHTML)"
    )

    assert marked == []


def test_each_that_has_none_gets_ours(cases: Tab) -> None:
    states = cases.evaluate(
        "[...document.querySelectorAll('#nameless > [id]')].map((one) => one.dataset.altaloud)"
    )

    assert [state for state in states if state] == ["done"] * len(_NAMELESS)
