"""What the tests ask of a browser, whichever it is.

`chromium.Chromium` and `firefox.Firefox` both answer to it: a real browser with a temporary profile and
the extension loaded from its folder, driven from outside. Names and roles come from the browser's own
accessibility tree, the one that a screen reader reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol


class Accessible(NamedTuple):
    """One element as assistive technology is told of it."""

    role: str  # "image", "link", "button", ... the same word in both browsers; "" where it is left out
    name: str


ABSENT = Accessible("", "")  # no such node in the accessibility tree


WELCOME = "welcome/welcome.html"  # the extension's page that opens once


@dataclass(frozen=True, slots=True)
class Launch:
    """How to start a browser."""

    extension: Path  # the unpacked extension's folder
    home: Path  # the user's home folder for this browser, so that nobody's real one is touched
    profile: Path  # an empty or missing folder
    variables: Mapping[str, str] = field(default_factory=dict)  # of the environment, beyond the bare minimum
    is_headless: bool = True

    def environment(self) -> dict[str, str]:
        """Return a small environment of the browser's own: nothing of the caller's desktop leaks in."""
        self.home.mkdir(parents=True, exist_ok=True)
        own = {"HOME": str(self.home), "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
        return own | dict(self.variables)


@dataclass(frozen=True, slots=True)
class View:
    """How a person has set screen and browser."""

    width: int = 1000  # CSS pixels, of the page's part of the window
    height: int = 800
    is_dark: bool = False
    has_forced_colors: bool = False
    has_reduced_motion: bool = False


class Tab(Protocol):
    """One page."""

    def open(self, url: str) -> None:
        """Go there and wait for the page's load event."""

    def back(self) -> None:
        """Go back to the page before, which may come from the browser's memory."""

    def evaluate(self, expression: str) -> Any:
        """Return what the JavaScript expression gives in the page, awaited, as JSON values."""

    def wait_until(self, expression: str, *, seconds: float = 40) -> Any:
        """Return the expression's first true value."""

    def accessible(self, element_id: str) -> Accessible:
        """Return role and name of the element with this id, in a shadow root of either sort too."""

    def words_in(self, role: str) -> list[str]:
        """Return the texts inside the first node of that role, as assistive technology reads them."""

    def evaluate_in(self, host: str, expression: str) -> Any:
        """Return what the expression gives; `root` is the closed shadow root of what a selector finds."""

    def come_to_front(self) -> None:
        """Become the tab that the person sees and types into."""

    def see_as(self, view: View) -> None:
        """Show the page as to somebody with that view."""

    def press(self, keys: str) -> None:
        """Press one key or combination, such as "Tab" or "Alt+Shift+D", as a keyboard would."""

    def type(self, text: str) -> None:
        """Type the text, a key at a time."""

    def point_at(self, left: float, top: float) -> None:
        """Move the mouse there, in the page's CSS pixels, and press nothing."""

    def watch_answers(self) -> None:
        """Begin to note the status of every answer from the network, also of those kept from the page."""

    def statuses(self, address: str) -> list[int]:
        """Return the statuses noted of answers from addresses that begin so."""

    def screenshot(self, file: Path) -> None:
        """Write what is in view as a PNG."""

    def close(self) -> None:
        """Close the tab."""


class Browser(Protocol):
    """A running browser with the extension."""

    name: str

    def new_tab(self, url: str, *, is_in_front: bool = True) -> Tab:
        """Open another page."""

    def extension_url(self, page: str) -> str:
        """Return the address of one of the extension's own pages, such as "options.html"."""

    def close(self) -> None:
        """End the browser."""
