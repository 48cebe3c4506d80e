"""Pages drawn by a real browser, and pictures of them or of their parts."""

import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image

from altaloud.training.collecting_packages import CollectingError

Box = tuple[int, int, int, int]  # left, top, right, bottom

_DEEPEST = 6000  # pixels of a page
_BOXES = """selector => [...document.querySelectorAll(selector)]
  .filter(one => one.checkVisibility({contentVisibilityAuto: true})).map(one => one.getBoundingClientRect())
  .map(box => [box.left + scrollX, box.top + scrollY, box.right + scrollX, box.bottom + scrollY])"""


class Browser:
    """One page of a headless Chromium, offline, without animations.

    A page is drawn once, and its parts are cut out of that one picture: drawing is what takes time.
    """

    def __init__(self, page: Any) -> None:
        self._page = page
        self._width = 1280

    def open(self, path: Path, *, width: int) -> bool:
        """Show a file; return whether it could be shown."""
        from playwright.sync_api import Error

        self._wide(width)
        try:
            self._page.goto(path.as_uri(), timeout=60_000, wait_until="load")
        except Error:
            return False
        return True

    def write(self, html: str, *, width: int) -> None:
        """Show a page of our own."""
        self._wide(width)
        self._page.set_content(html, wait_until="load")

    def _wide(self, width: int) -> None:
        self._width = width
        self._page.set_viewport_size({"width": width, "height": 800})

    def add(self, *, script: Path | None = None, style: Path | None = None) -> None:
        """Load a library's file into the page."""
        if script is not None:
            self._page.add_script_tag(path=script)
        if style is not None:
            self._page.add_style_tag(path=style)

    def run(self, script: str, argument: Any = None) -> Any:
        """Return what a function gives in the page."""
        return self._page.evaluate(script, argument)

    def shown(self) -> Image.Image:
        """Return the whole page, as far down as is sensible."""
        self._page.set_viewport_size({"width": self._width, "height": self._reach()})
        return _image(self._page.screenshot(animations="disabled"))

    def boxes(self, selector: str) -> list[Box]:
        """Return where the parts of the whole page are that fit a selector and can be seen."""
        found: list[list[float]] = self._page.evaluate(_BOXES, selector)
        return [(round(left), round(top), round(right), round(bottom)) for left, top, right, bottom in found]

    def _reach(self) -> int:
        return max(
            200, min(_DEEPEST, int(self._page.evaluate("() => document.documentElement.scrollHeight")))
        )


@contextmanager
def browser() -> Iterator[Browser]:
    """Start Chromium and end it.

    Raises:
        CollectingError: There is no Chromium, or nothing to drive it with.
    """
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise CollectingError(
            "playwright is missing", advice="Install it: pip install playwright."
        ) from error
    if executable is None:
        raise CollectingError("Chromium is missing", advice="Install it: apt-get install chromium.")
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        context = started.new_context(offline=True, reduced_motion="reduce")
        context.set_default_timeout(120_000)
        yield Browser(context.new_page())
        started.close()


def _image(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")
