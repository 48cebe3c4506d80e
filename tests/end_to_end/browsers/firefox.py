"""Firefox, driven by WebDriver BiDi; keys and accessibility tree through its own privileged scripts."""

import base64
import json
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from end_to_end.browsers.bidi import BidiConnection, BidiError
from end_to_end.browsers.browser import ABSENT, WELCOME, Accessible, Launch, View
from end_to_end.browsers.waiting import wait_for

# Any UUID will do: Firefox makes one for each profile, and this makes it known beforehand.
_EXTENSION_HOST = "3c078156-979c-498b-8990-85f7987dd929"

_PREFERENCES: dict[str, object] = {
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.newtabpage.enabled": False,
    "browser.region.network.url": "",
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.search.update": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.update.enabled": False,
    "media.gmp-manager.url": "",
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "http://127.0.0.1:9/",  # nothing listens there
    "toolkit.telemetry.enabled": False,
}

_ANSWERED = "network.responseStarted"  # also told of answers whose body the page may not read

_ROLES = {"graphic": "image", "image map": "image", "pushbutton": "button"}  # Firefox's words

# Walks the page's part of the accessibility tree in document order. A node that goes away while we look is
# passed over: the caller looks again.
_WALK = """
  const service = Cc["@mozilla.org/accessibilityService;1"].getService(Ci.nsIAccessibilityService);
  const roleOf = (node) => service.getStringRole(node.role);
  function* walk(node) {
    if (!node) return;
    try {
      yield node;
      for (let i = 0; i < node.childCount; i++) yield* walk(node.getChildAt(i));
    } catch {
      return;
    }
  }
  const page = service.getAccessibleFor(gBrowser.selectedBrowser);
"""

_FIND_ACCESSIBLE = (
    "(() => {"
    + _WALK
    + """
  for (const node of walk(page)) if (node.id === ID) return [roleOf(node), node.name ?? ""];
  return null;
})()"""
)

_WORDS_IN = (
    "(() => {"
    + _WALK
    + """
  for (const node of walk(page)) {
    if (roleOf(node) !== ROLE) continue;
    return [...walk(node)].filter((inner) => roleOf(inner) === "text leaf").map((inner) => inner.name);
  }
  return [];
})()"""
)

_PRESS = """(() => {
  const input = Cc["@mozilla.org/text-input-processor;1"].createInstance(Ci.nsITextInputProcessor);
  if (!input.beginInputTransactionForTests(window)) throw new Error("the window takes no keys");
  const keys = KEYS.map(([key, code, keyCode]) => new KeyboardEvent("", { key, code, keyCode }));
  for (const key of keys) input.keydown(key);
  for (const key of keys.reverse()) input.keyup(key);
})()"""

# Key, code and key code of what a shortcut may consist of, beside letters.
_MODIFIERS = {"Alt": ("Alt", "AltLeft", 18), "Shift": ("Shift", "ShiftLeft", 16)}

# WebDriver's names of the keys that are not characters: https://w3c.github.io/webdriver/#keyboard-actions
_KEYS = {
    "Enter": "\ue007",
    "Escape": "\ue00c",
    "Shift": "\ue008",
    "Space": " ",
    "Tab": "\ue004",
}


class FirefoxTab:
    """One page in Firefox."""

    def __init__(self, connection: BidiConnection, context: str, window: str) -> None:
        self._connection = connection
        self._context = context
        self._window = window  # the browser's own window, where its privileged scripts run

    def open(self, url: str) -> None:
        """Go there and wait for the load event."""
        self._connection.send(
            "browsingContext.navigate", {"context": self._context, "url": url, "wait": "complete"}
        )

    def back(self) -> None:
        """Go back."""
        self._connection.send("browsingContext.traverseHistory", {"context": self._context, "delta": -1})

    def evaluate(self, expression: str) -> Any:
        """Return the expression's value in the page."""
        return self._connection.evaluate(self._context, expression)

    def wait_until(self, expression: str, *, seconds: float = 40) -> Any:
        """Return the expression's first true value."""
        return wait_for(lambda: self.evaluate(expression), what=expression, seconds=seconds)

    def accessible(self, element_id: str) -> Accessible:
        """Return role and name from Firefox's accessibility tree."""
        self.come_to_front()
        found = self.in_browser(_FIND_ACCESSIBLE.replace("ID", json.dumps(element_id)))
        if found is None:
            return ABSENT
        role, name = found
        return Accessible(_ROLES.get(role, role), name)

    def words_in(self, role: str) -> list[str]:
        """Return the texts inside the first node of that role."""
        self.come_to_front()
        words: list[str] = self.in_browser(_WORDS_IN.replace("ROLE", json.dumps(role)))
        return words

    def in_browser(self, expression: str) -> Any:
        """Return the expression's value in the browser's own window, with all that Firefox itself may do."""
        return self._connection.evaluate(self._window, expression)

    def evaluate_in(self, host: str, expression: str) -> Any:
        """Return the expression's value; `root` is a shadow root that the page's scripts cannot see."""
        found = self._connection.send(
            "script.evaluate",
            {
                "expression": f"document.querySelector({json.dumps(host)})",
                "target": {"context": self._context},
                "awaitPromise": False,
                "serializationOptions": {"maxDomDepth": 1, "includeShadowTree": "all"},
            },
        )
        root = found["result"]["value"]["shadowRoot"]["sharedId"]
        answer = self._connection.send(
            "script.callFunction",
            {
                "functionDeclaration": f"async (root) => JSON.stringify(await ({expression}))",
                "arguments": [{"sharedId": root}],
                "target": {"context": self._context},
                "awaitPromise": True,
            },
        )
        assert answer["type"] == "success", answer
        value = answer["result"].get("value")
        return None if value is None else json.loads(value)

    def come_to_front(self) -> None:
        """Become the tab in front."""
        self._connection.send("browsingContext.activate", {"context": self._context})

    def see_as(self, view: View) -> None:
        """Show the page as to somebody with that view; Firefox has colours and motion for all pages alike."""
        self._connection.send(
            "browsingContext.setViewport",
            {"context": self._context, "viewport": {"width": view.width, "height": view.height}},
        )
        preferences = {
            "browser.display.document_color_use": 2 if view.has_forced_colors else 0,
            "layout.css.prefers-color-scheme.content-override": 0 if view.is_dark else 1,
            "ui.prefersReducedMotion": int(view.has_reduced_motion),
        }
        for name, value in preferences.items():
            self.in_browser(f"Services.prefs.setIntPref({json.dumps(name)}, {value})")

    def press(self, keys: str) -> None:
        """Press the keys: in the page, or for a shortcut of the extension in the browser's window."""
        parts = keys.split("+")
        if "Alt" in parts:
            self.come_to_front()
            pressed = [_MODIFIERS.get(part, (part, f"Key{part}", ord(part[0]))) for part in parts]
            self.in_browser(_PRESS.replace("KEYS", json.dumps(pressed)))
            return
        down = [{"type": "keyDown", "value": _KEYS.get(part, part)} for part in parts]
        up = [{"type": "keyUp", "value": _KEYS.get(part, part)} for part in reversed(parts)]
        self._perform(down + up)

    def type(self, text: str) -> None:
        """Type the text."""
        self._perform([{"type": kind, "value": letter} for letter in text for kind in ("keyDown", "keyUp")])

    def _perform(self, keys: list[dict[str, str]]) -> None:
        """Have the keys pressed; returns when the page has dealt with them."""
        self._connection.send(
            "input.performActions",
            {"context": self._context, "actions": [{"type": "key", "id": "keyboard", "actions": keys}]},
        )

    def point_at(self, left: float, top: float) -> None:
        """Move the mouse there."""
        move = {"type": "pointerMove", "x": round(left), "y": round(top)}
        self._connection.send(
            "input.performActions",
            {"context": self._context, "actions": [{"type": "pointer", "id": "mouse", "actions": [move]}]},
        )

    def watch_answers(self) -> None:
        """Begin to note answers."""
        self._connection.send("session.subscribe", {"events": [_ANSWERED]})

    def statuses(self, address: str) -> list[int]:
        """Return the statuses noted of answers from there."""
        self._connection.send("session.status", {})  # takes in the events that came before its answer
        answers = (event["params"] for event in self._connection.events if event.get("method") == _ANSWERED)
        return [
            answer["response"]["status"] for answer in answers if answer["request"]["url"].startswith(address)
        ]

    def screenshot(self, file: Path) -> None:
        """Write what is in view as a PNG."""
        answer = self._connection.send(
            "browsingContext.captureScreenshot", {"context": self._context, "origin": "viewport"}
        )
        file.write_bytes(base64.b64decode(answer["data"]))

    def close(self) -> None:
        """Close the tab."""
        self._connection.send("browsingContext.close", {"context": self._context})


class Firefox:
    """Debian's Firefox ESR with the extension loaded."""

    name = "firefox"

    def __init__(self, launch: Launch) -> None:
        executable = shutil.which("firefox-esr") or shutil.which("firefox")
        if executable is None:
            raise FileNotFoundError("Firefox is not installed; on Debian: apt-get install firefox-esr")
        self._profile = launch.profile
        _write_preferences(launch)
        log = launch.profile / "stderr.log"
        with log.open("w") as errors:
            self._process = subprocess.Popen(
                [
                    executable,
                    "--no-remote",
                    "--profile",
                    str(launch.profile),
                    "--remote-debugging-port",
                    "0",
                    "--remote-allow-system-access",
                    *(["--headless"] if launch.is_headless else []),
                    "about:blank",
                ],
                stdout=subprocess.DEVNULL,
                stderr=errors,
                env=launch.environment(),
                start_new_session=True,
            )
        try:
            self._connection = BidiConnection(_address(log))
            self._connection.send(
                "webExtension.install",
                {"extensionData": {"type": "path", "path": str(launch.extension)}},
            )
            tree = self._connection.send("browsingContext.getTree", {"moz:scope": "chrome"})
            self._window: str = tree["contexts"][0]["context"]
            self._close_welcome()
        except BaseException:
            self._kill()
            raise

    def _close_welcome(self) -> None:
        """Close the page that the extension opens once: it would come in front of a test's own."""
        welcome = wait_for(
            lambda: [tab for tab in self._tabs() if WELCOME in tab["url"]],
            what="the extension's first page",
            seconds=60,
        )
        self._connection.send("browsingContext.close", {"context": welcome[0]["context"]})

    def _tabs(self) -> list[dict[str, Any]]:
        tabs: list[dict[str, Any]] = self._connection.send("browsingContext.getTree", {})["contexts"]
        return tabs

    def new_tab(self, url: str, *, is_in_front: bool = True) -> FirefoxTab:
        """Open another page."""
        answer = self._connection.send(
            "browsingContext.create", {"type": "tab", "background": not is_in_front}
        )
        tab = FirefoxTab(self._connection, answer["context"], self._window)
        tab.open(url)
        return tab

    def extension_url(self, page: str) -> str:
        """Return the address of an extension page."""
        return f"moz-extension://{_EXTENSION_HOST}/{page}"

    def close(self) -> None:
        """End the browser."""
        try:
            self._connection.send("browser.close", {}, seconds=10)
            self._connection.close()
            self._process.wait(timeout=15)
        except (BidiError, OSError, TimeoutError, subprocess.TimeoutExpired):
            self._kill()

    def _kill(self) -> None:
        """End every process of this browser: it leads a session of its own."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _write_preferences(launch: Launch) -> None:
    manifest = json.loads((launch.extension / "manifest.json").read_text("utf-8"))
    extension_id = manifest["browser_specific_settings"]["gecko"]["id"]
    preferences = _PREFERENCES | {
        "extensions.webextensions.uuids": json.dumps({extension_id: _EXTENSION_HOST}),
        # Only a screen reader's presence switches accessibility on; -1 switches it on for everybody.
        "accessibility.force_disabled": -1,
    }
    launch.profile.mkdir(parents=True, exist_ok=True)
    lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in preferences.items())
    (launch.profile / "user.js").write_text("".join(lines), "utf-8")


def _address(log: Path) -> str:
    """Return where Firefox listens, once it says so."""
    found = wait_for(
        lambda: re.search(r"WebDriver BiDi listening on (ws://\S+)", log.read_text("utf-8", "replace")),
        what="Firefox to listen",
        seconds=30,
    )
    return found[1]
