"""Chromium, driven by Playwright over the DevTools protocol."""

import base64
import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from playwright.sync_api import BrowserContext, CDPSession, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from end_to_end.browsers.browser import ABSENT, WELCOME, Accessible, Launch, View
from end_to_end.browsers.waiting import wait_for

_FLAGS = (
    "--no-sandbox",  # the build machines run as root in a container
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

_ROLES = {"img": "image"}  # where Chromium has its own word for a role

_MODIFIERS = {"Alt": 1, "Control": 2, "Shift": 8}  # DevTools' bits

# X11 key codes of the extension's shortcuts: without them a key event reaches the page but no shortcut.
_KEY_CODES = {"D": 40, "H": 43, "J": 44, "Q": 24}


class ChromiumTab:
    """One page in Chromium."""

    def __init__(self, page: Page, devtools: CDPSession) -> None:
        self._page = page
        self.devtools = devtools
        self._requested: dict[str, str] = {}  # DevTools' request id -> address
        self._answered: list[tuple[str, int]] = []  # request id, status
        devtools.send("DOM.enable")  # for the flattened document

    def open(self, url: str) -> None:
        """Go there and wait for the load event."""
        self._page.goto(url)

    def back(self) -> None:
        """Go back; Playwright keeps Chromium from taking a page from its memory."""
        self._page.go_back()

    def evaluate(self, expression: str) -> Any:
        """Return the expression's value in the page."""
        return self._page.evaluate(f"async () => ({expression})")

    def wait_until(self, expression: str, *, seconds: float = 40) -> Any:
        """Return the expression's first true value."""
        return wait_for(lambda: self.evaluate(expression), what=expression, seconds=seconds)

    def accessible(self, element_id: str) -> Accessible:
        """Return role and name from Chromium's accessibility tree."""
        for devtools in self._processes():
            node = _backend_node(devtools, element_id)
            if node is not None:
                return _accessible(devtools, node)
        return ABSENT

    def words_in(self, role: str) -> list[str]:
        """Return the texts inside the first node of that role."""
        nodes = self.devtools.send("Accessibility.getFullAXTree")["nodes"]
        by_id = {node["nodeId"]: node for node in nodes}
        waiting = [node for node in nodes if not node["ignored"] and node["role"]["value"] == role][:1]
        words = []
        while waiting:
            node = waiting.pop()
            if not node["ignored"] and node["role"]["value"] == "StaticText":
                words.append(node["name"]["value"])
            waiting += [by_id[child] for child in reversed(node.get("childIds", [])) if child in by_id]
        return words

    def _processes(self) -> Iterator[CDPSession]:
        """Yield a DevTools session for the page, and one for each frame that is in a process of its own."""
        yield self.devtools
        for frame in self._page.frames[1:]:
            try:
                inner = self._page.context.new_cdp_session(frame)
            except PlaywrightError:  # it is in the page's own process
                continue
            inner.send("DOM.enable")
            yield inner
            inner.detach()

    def evaluate_in(self, host: str, expression: str) -> Any:
        """Return the expression's value; `root` is a shadow root that the page's scripts cannot see."""
        held = self.devtools.send(
            "Runtime.evaluate", {"expression": f"document.querySelector({json.dumps(host)})"}
        )["result"]
        node = self.devtools.send(
            "DOM.describeNode", {"objectId": held["objectId"], "depth": -1, "pierce": True}
        )["node"]
        root = self.devtools.send(
            "DOM.resolveNode", {"backendNodeId": node["shadowRoots"][0]["backendNodeId"]}
        )["object"]
        answer = self.devtools.send(
            "Runtime.callFunctionOn",
            {
                "objectId": root["objectId"],
                "functionDeclaration": f"function () {{ const root = this; return ({expression}) }}",
                "awaitPromise": True,
                "returnByValue": True,
            },
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def come_to_front(self) -> None:
        """Become the tab in front."""
        self._page.bring_to_front()

    def see_as(self, view: View) -> None:
        """Show the page as to somebody with that view."""
        self._page.set_viewport_size({"width": view.width, "height": view.height})
        self._page.emulate_media(
            color_scheme="dark" if view.is_dark else "light",
            forced_colors="active" if view.has_forced_colors else "none",
            reduced_motion="reduce" if view.has_reduced_motion else "no-preference",
        )

    def press(self, keys: str) -> None:
        """Press the keys; only raw key events reach the shortcuts of an extension."""
        *modifiers, key = keys.split("+")
        if "Alt" not in modifiers:
            self._page.keyboard.press(keys)
            return
        event = {
            "modifiers": sum(_MODIFIERS[modifier] for modifier in modifiers),
            "key": key,
            "code": f"Key{key}",
            "windowsVirtualKeyCode": ord(key),
            "nativeVirtualKeyCode": _KEY_CODES[key],
        }
        for kind in ("rawKeyDown", "keyUp"):
            self.devtools.send("Input.dispatchKeyEvent", {"type": kind, **event})

    def type(self, text: str) -> None:
        """Type the text."""
        self._page.keyboard.type(text)

    def point_at(self, left: float, top: float) -> None:
        """Move the mouse there."""
        self._page.mouse.move(left, top)

    def watch_answers(self) -> None:
        """Begin to note answers: "extra info" is told of those too that CORS keeps from the page."""
        self.devtools.on("Network.requestWillBeSent", self._note_request)
        self.devtools.on("Network.responseReceivedExtraInfo", self._note_answer)
        self.devtools.send("Network.enable")

    def statuses(self, address: str) -> list[int]:
        """Return the statuses noted of answers from there."""
        return [
            status
            for request, status in self._answered
            if self._requested.get(request, "").startswith(address)
        ]

    def _note_request(self, event: dict[str, Any]) -> None:
        self._requested[event["requestId"]] = event["request"]["url"]

    def _note_answer(self, event: dict[str, Any]) -> None:
        self._answered.append((event["requestId"], event["statusCode"]))

    def screenshot(self, file: Path) -> None:
        """Write what is in view as a PNG."""
        answer = self.devtools.send("Page.captureScreenshot")
        file.write_bytes(base64.b64decode(answer["data"]))

    def close(self) -> None:
        """Close the tab."""
        self._page.close()


def _backend_node(devtools: CDPSession, element_id: str) -> int | None:
    """Look through the flattened document: it shows closed shadow roots, which scripts cannot see."""
    answer = devtools.send("DOM.getFlattenedDocument", {"depth": -1, "pierce": True})
    for node in answer["nodes"]:
        names_and_values = node.get("attributes", [])
        attributes = dict(zip(names_and_values[::2], names_and_values[1::2], strict=True))
        if attributes.get("id") == element_id:
            return int(node["backendNodeId"])
    return None


def _accessible(devtools: CDPSession, node: int) -> Accessible:
    answer = devtools.send("Accessibility.getPartialAXTree", {"backendNodeId": node, "fetchRelatives": False})
    (found,) = answer["nodes"]
    if found["ignored"]:
        return ABSENT
    role = found["role"]["value"]
    return Accessible(_ROLES.get(role, role), found.get("name", {}).get("value", ""))


class Chromium:
    """Debian's Chromium with the extension loaded."""

    name = "chromium"

    def __init__(self, launch: Launch) -> None:
        executable = shutil.which("chromium")
        if executable is None:
            raise FileNotFoundError("chromium is not installed; on Debian: apt-get install chromium")
        self._extension_id = _extension_id(launch.extension)
        self._playwright = sync_playwright().start()
        # Playwright's own headless mode has no extensions; Chromium's new one has.
        headless = ("--headless=new",) if launch.is_headless else ("--force-renderer-accessibility",)
        is_first_time = not (launch.profile / "Default").exists()
        try:
            self._context: BrowserContext = self._playwright.chromium.launch_persistent_context(
                launch.profile,
                executable_path=executable,
                headless=False,
                ignore_default_args=["--disable-extensions", "--enable-automation"],
                args=[
                    *_FLAGS,
                    *headless,
                    f"--disable-extensions-except={launch.extension}",
                    f"--load-extension={launch.extension}",
                ],
                env=dict(launch.environment()),
                viewport={"width": 1000, "height": 800},
            )
            if is_first_time:
                self._close_welcome()
        except BaseException:
            self._playwright.stop()
            raise

    def _close_welcome(self) -> None:
        """Close the page that the extension opens once: it would come in front of a test's own."""
        first = self._context.pages[0]
        welcome = wait_for(
            lambda: first.evaluate("0") == 0 and [one for one in self._context.pages if WELCOME in one.url],
            what="the extension's first page",
            seconds=60,
        )
        welcome[0].close()

    def new_tab(self, url: str, *, is_in_front: bool = True) -> ChromiumTab:
        """Open another page."""
        page = self._context.new_page() if is_in_front else self._page_behind()
        tab = ChromiumTab(page, self._context.new_cdp_session(page))
        tab.open(url)
        return tab

    def _page_behind(self) -> Page:
        """Open a page that is never in front: one of Playwright's would be, and be sent back too late."""
        devtools = self._context.new_cdp_session(self._context.pages[0])
        with self._context.expect_page() as opened:
            devtools.send("Target.createTarget", {"url": "about:blank", "background": True})
        return opened.value

    def extension_url(self, page: str) -> str:
        """Return the address of an extension page."""
        return f"chrome-extension://{self._extension_id}/{page}"

    def in_background(self, expression: str) -> Any:
        """Return the expression's value in the extension's background worker."""
        return self._context.service_workers[0].evaluate(f"async () => ({expression})")

    def close(self) -> None:
        """End the browser and Playwright's own process."""
        self._context.close()
        self._playwright.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _extension_id(extension: Path) -> str:
    """Return the id that Chromium derives from the manifest's public key.

    It is the first 128 bits of the key's SHA-256, written with the letters a to p as digits:
    https://developer.chrome.com/docs/extensions/reference/manifest/key
    """
    manifest = json.loads((extension / "manifest.json").read_text("utf-8"))
    digest = hashlib.sha256(base64.b64decode(manifest["key"])).hexdigest()[:32]
    return digest.translate(str.maketrans("0123456789abcdef", "abcdefghijklmnop"))
