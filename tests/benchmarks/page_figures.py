"""How long a page waits for its words: from its load to the last name written, in each browser."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.result import Result
from end_to_end.conftest import BROWSERS, EXAMPLES, connect
from end_to_end.helper_process import Helper
from end_to_end.pages import Pages

_IMAGES = ("sale", "photograph", "chart", "linked", "late")

# Resolves with the milliseconds from the page's load event to the last mark on an image that gets words.
_LAST_NAME = f"""new Promise((resolve) => {{
  const loaded = performance.getEntriesByType("navigation")[0].loadEventEnd;
  // Images are described when they come near the view: this brings the last of them near.
  document.getElementById("icon").scrollIntoView({{ block: "end" }});
  const look = () => {{
    const named = {list(_IMAGES)}.every((id) => document.getElementById(id)?.dataset.altaloud === "done");
    if (named) resolve(performance.now() - loaded);
    else setTimeout(look, 5);
  }};
  look();
}})"""


def last_name_written(folder: Path) -> Iterator[Result]:
    """Open the examples page twice: with everything new and the engine not loaded, then remembered.

    The page adds one of its images a second after its load, so no figure can be below 1,000 ms.
    """
    for name, start in BROWSERS.items():
        with Helper(folder / name / "home") as helper, Pages({"examples": EXAMPLES}) as pages:
            browser = start(connect(name, helper, folder / name / "browser"))
            try:
                for state in ("all new", "remembered"):
                    tab = browser.new_tab(f"{pages.address}/examples/index.html")
                    milliseconds = round(tab.evaluate(_LAST_NAME))
                    yield Result(f"examples page, load to last name, {name}, {state}", milliseconds, "ms")
                    tab.close()
            finally:
                browser.close()
