"""Whether memory stays flat on a page that never rests: `python tests/benchmarks/soak.py --minutes 20`.

Prints one line of JSON a figure: what it was at the end, beside what it was after a quarter of the time.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from benchmarks.result import Result
    from end_to_end.browsers.browser import Tab
    from end_to_end.browsers.chromium import ChromiumTab
    from end_to_end.browsers.firefox import FirefoxTab
    from end_to_end.helper_process import Helper

_SAMPLES = 40

# Else Playwright has Chromium record all that the background fetches, and that is kept in its process.
_NO_RECORDING = {"PLAYWRIGHT_DISABLE_SERVICE_WORKER_NETWORK": "1"}


def main() -> None:
    """Run for as long as was asked for, in one browser."""
    # As pytest does for the tests, so that both share the drivers.
    sys.path.insert(0, str(Path(__file__).parents[1]))
    os.environ.update(_NO_RECORDING)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--browser", choices=["chromium", "firefox"], default="chromium")
    parser.add_argument("--every", type=int, default=500, help="milliseconds between two changes of the page")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="altaloud-soak-") as folder:
        for result in soak(Path(folder), chosen.browser, minutes=chosen.minutes, every=chosen.every):
            print(result.line(), flush=True)


def soak(folder: Path, browser: str, *, minutes: float, every: int) -> "Iterator[Result]":
    """Leave the page open and look at it from time to time."""
    from benchmarks.result import Result
    from end_to_end.conftest import BROWSERS, WORDS, connect
    from end_to_end.helper_process import Helper
    from end_to_end.pages import Pages
    from end_to_end.pictures import draw_words

    made = folder / "made"
    made.mkdir()
    for name, words in WORDS.items():
        draw_words(made / f"{name}.png", words)
    site = Path(__file__).parents[1] / "end_to_end" / "site"
    with Helper(folder / "home") as helper, Pages({"made": made, "site": site}) as pages:
        running = BROWSERS[browser](connect(browser, helper, folder / browser))
        try:
            tab = running.new_tab(f"{pages.address}/site/restless.html?every={every}")
            seen: list[dict[str, float]] = []
            for _ in range(_SAMPLES):
                time.sleep(minutes * 60 / _SAMPLES)
                seen.append(_sample(tab, helper))
                print(seen[-1], file=sys.stderr, flush=True)
            changes = tab.evaluate("turn")
            named = tab.evaluate("document.querySelectorAll('[data-altaloud=done]').length")
        finally:
            running.close()
    early, late = seen[_SAMPLES // 4], seen[-1]
    for what, value in late.items():
        unit = "MB" if what.endswith("memory") else "pieces"
        yield Result(f"soak, {browser}, {minutes:g} min, {what}", value, unit, baseline=early[what])
    yield Result(f"soak, {browser}, changes of the page", changes, "changes")
    yield Result(f"soak, {browser}, images with words at the end", named, "images")


def _sample(tab: "Tab", helper: "Helper") -> dict[str, float]:
    """Return what is held now, rubbish collected before."""
    from end_to_end.browsers.chromium import ChromiumTab
    from end_to_end.browsers.firefox import FirefoxTab

    if isinstance(tab, ChromiumTab):
        found = _in_chromium(tab)
    elif isinstance(tab, FirefoxTab):
        found = _in_firefox(tab)
    else:
        raise TypeError(f"cannot look into {type(tab).__name__}")
    daemon = psutil.Process(helper.runtime["pid"])
    found["helper's resident memory"] = _megabytes(daemon.memory_info().rss)
    return found


def _in_chromium(tab: "ChromiumTab") -> dict[str, float]:
    """The page's heap is that of its script and ours together; the background has a process of its own."""
    tab.devtools.send("HeapProfiler.collectGarbage")
    heap = tab.devtools.send("Runtime.getHeapUsage")
    counters = tab.devtools.send("Memory.getDOMCounters")
    ours = [one for one in psutil.Process().children(recursive=True) if _is_background(one)]
    return {
        "page's script memory": _megabytes(heap["usedSize"]),
        "page's nodes": counters["nodes"],
        "page's listeners": counters["jsEventListeners"],
        "background's resident memory": _megabytes(sum(one.memory_info().rss for one in ours)),
    }


def _is_background(process: psutil.Process) -> bool:
    try:
        return "--extension-process" in process.cmdline()
    except psutil.NoSuchProcess:
        return False


# Rubbish of all processes first; then what each process holds.
_FIREFOX = """(async () => {
  for (let count = 0; count < 3; count += 1) await new Promise((resolve) => Cu.schedulePreciseGC(resolve));
  const { children } = await ChromeUtils.requestProcInfo();
  const of = (type) => children.filter((one) => one.type.startsWith(type));
  const sum = (type) => of(type).reduce((all, one) => all + one.memory, 0);
  return { page: sum("web"), background: sum("extension") };
})()"""


def _in_firefox(tab: "FirefoxTab") -> dict[str, float]:
    held = tab.in_browser(_FIREFOX)
    return {
        "page's process memory": _megabytes(held["page"]),
        "background's process memory": _megabytes(held["background"]),
    }


def _megabytes(amount: float) -> float:
    return round(amount / 1e6, 1)


if __name__ == "__main__":
    main()
