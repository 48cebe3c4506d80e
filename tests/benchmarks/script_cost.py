"""What our content script costs a page's main thread: in all, and in its longest task.

Both browsers are asked for processor time and not for time on the clock, so a busy machine changes little.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from end_to_end.browsers.browser import Tab
from end_to_end.browsers.chromium import ChromiumTab
from end_to_end.browsers.firefox import FirefoxTab
from end_to_end.browsers.waiting import wait_for

_SCRIPT = "/content.bundle.js"

_FIREFOX_PROFILE = Path(__file__).with_name("firefox_profile.js")


@dataclass(slots=True)
class Cost:
    """Milliseconds of processor time; known when the measurement has ended."""

    total: float = 0.0
    longest: float = 0.0

    def note(self, tasks: list[float]) -> None:
        """Take in the costs of some tasks."""
        self.total += sum(tasks)
        self.longest = max(self.longest, *tasks, 0.0)


@contextmanager
def measured(tab: Tab) -> Iterator[Cost]:
    """Measure what the script costs a page that has no script of its own and is not asked to run any."""
    if isinstance(tab, ChromiumTab):
        with _traced(tab) as cost:
            yield cost
    elif isinstance(tab, FirefoxTab):
        with _sampled(tab) as cost:
            yield cost
    else:
        raise TypeError(f"cannot measure in {type(tab).__name__}")


@contextmanager
def _traced(tab: ChromiumTab) -> Iterator[Cost]:
    """Note the beginning and end of each call into a script, which costs next to nothing by itself."""
    cost = Cost()
    events: list[dict[str, Any]] = []
    ended: list[Any] = []

    def note_end(message: Any) -> None:  # a builtin cannot be a listener here
        ended.append(message)

    def is_complete() -> bool:
        tab.devtools.send("Schema.getDomains")  # any question: events come in while it is answered
        return bool(ended)

    tab.devtools.on("Tracing.dataCollected", lambda message: events.extend(message["value"]))
    tab.devtools.on("Tracing.tracingComplete", note_end)
    wanted = {
        "includedCategories": ["devtools.timeline", "toplevel", "v8.execute"],
        "excludedCategories": ["*"],
    }
    tab.devtools.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": wanted})
    yield cost
    tab.devtools.send("Tracing.end")
    wait_for(is_complete, what="the trace", seconds=60)
    cost.note(_tasks(events))


# Whatever runs script: when it comes in, when the browser calls it, when a promise is kept. And the finding
# out of what is in view. That is not all ours: a browser does it for the page's own lazy images as well, on
# the large page in 6 ms when it has no extension at all. They are counted all the same.
_OURS = {
    "EvaluateScript",
    "FunctionCall",
    "RunMicrotasks",
    "IntersectionObserverController::computeIntersections",
}


def _tasks(events: list[dict[str, Any]]) -> list[float]:
    """Return what each task of the page's main thread spent on the script, in milliseconds."""
    first = next((event for event in events if _SCRIPT in json.dumps(event.get("args"))), None)
    assert first is not None, "the content script did not come into the page"
    thread = [
        event
        for event in events
        if event["ph"] == "X" and (event["pid"], event["tid"]) == (first["pid"], first["tid"])
    ]
    thread.sort(key=lambda event: (event["ts"], -event["dur"]))
    tasks: list[float] = []
    task_ends = ours_ends = 0
    for event in thread:
        if event["name"].endswith("::RunTask") and event["ts"] >= task_ends:
            task_ends = event["ts"] + event["dur"]
            tasks.append(0.0)
        elif event["name"] in _OURS and event["ts"] >= max(ours_ends, first["ts"]) and tasks:
            ours_ends = event["ts"] + event["dur"]
            tasks[-1] += event["tdur"] / 1000
    return tasks


@contextmanager
def _sampled(tab: FirefoxTab) -> Iterator[Cost]:
    """Look a thousand times a second who runs. Firefox then counts the processor time between two looks."""
    cost = Cost()
    script = _FIREFOX_PROFILE.read_text("utf-8")
    tab.in_browser("Services.profiler.StartProfiler(4000000, 1, ['js', 'cpu'], ['GeckoMain'])")
    yield cost
    cost.note(tab.in_browser(f"({script})({json.dumps(_SCRIPT)})"))
