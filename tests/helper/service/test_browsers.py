"""The browsers found are connected by a file each, and only our own extension gets an answer through it."""

import base64
import hashlib
import json
import os
import stat
import struct
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from altaloud.errors import BrowserError, HelperNotRunningError
from altaloud.service import browsers, daemon
from altaloud.service.browsers import Browser
from altaloud.service.client import HelperClient
from altaloud.service.pairing import CHROMIUM_ID, CHROMIUM_ORIGIN, FIREFOX_ID
from altaloud.settings import Home

FIREFOX = "moz-extension://3f9c2a71-0a1b-4c2d-8e3f-123456789abc"
FROM_CHROMIUM = (f"{CHROMIUM_ORIGIN}/",)
FROM_FIREFOX = ("/somewhere/org.altaloud.helper.json", FIREFOX_ID)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "a home", is_moved=True)


def test_the_extensions_id_follows_from_its_manifests_key() -> None:
    manifest = Path(__file__).parents[3] / "extension" / "manifest.json"
    key = base64.b64decode(json.loads(manifest.read_text())["key"])
    digits = hashlib.sha256(key).digest()[:16].hex()
    assert "".join(chr(ord("a") + int(digit, 16)) for digit in digits) == CHROMIUM_ID


def test_firefoxs_id_is_the_manifests() -> None:
    manifest = Path(__file__).parents[3] / "extension" / "manifest.json"
    assert json.loads(manifest.read_text())["browser_specific_settings"]["gecko"]["id"] == FIREFOX_ID


def user(tmp_path: Path, *folders: str) -> dict[str, str]:
    for folder in folders:
        (tmp_path / "user" / folder).mkdir(parents=True)
    return {"HOME": str(tmp_path / "user"), "PATH": "/nowhere"}


def test_browsers_are_found_where_linux_keeps_them(tmp_path: Path, home: Home) -> None:
    environment = user(
        tmp_path, ".config/chromium", ".config/BraveSoftware/Brave-Browser", ".mozilla", "snap/firefox"
    )

    found = {browser.name: browser for browser in browsers.find(home, environment, system="linux")}

    assert set(found) == {"Chromium", "Brave", "Firefox", "Firefox (Snap)"}
    assert found["Chromium"].manifest == tmp_path / (
        "user/.config/chromium/NativeMessagingHosts/org.altaloud.helper.json"
    )
    assert found["Firefox"].manifest == tmp_path / (
        "user/.mozilla/native-messaging-hosts/org.altaloud.helper.json"
    )
    assert [name for name, browser in found.items() if browser.needs_code] == ["Firefox (Snap)"]


def test_browsers_are_found_where_macos_keeps_them(tmp_path: Path, home: Home) -> None:
    support = "Library/Application Support"
    environment = user(tmp_path, f"{support}/Google/Chrome", f"{support}/Mozilla")

    found = browsers.find(home, environment, system="darwin")

    assert [browser.name for browser in found] == ["Google Chrome", "Firefox"]
    assert found[1].hosts == tmp_path / "user" / support / "Mozilla" / "NativeMessagingHosts"


def test_a_program_on_the_path_is_a_browser_too(tmp_path: Path, home: Home) -> None:
    (tmp_path / "chromium").write_text("#!/bin/sh\n")
    (tmp_path / "chromium").chmod(0o755)
    environment = {**user(tmp_path), "PATH": str(tmp_path)}
    assert [browser.name for browser in browsers.find(home, environment, system="linux")] == ["Chromium"]


def test_connecting_writes_the_manifest_and_disconnecting_removes_it(tmp_path: Path, home: Home) -> None:
    environment = user(tmp_path, ".config/chromium", ".mozilla")
    chromium, firefox = browsers.find(home, environment, system="linux")
    for browser, who in (
        (chromium, {"allowed_origins": [f"{CHROMIUM_ORIGIN}/"]}),
        (firefox, {"allowed_extensions": [FIREFOX_ID]}),
    ):
        assert not browser.is_connected
        browsers.connect(home, browser)
        browsers.connect(home, browser)
        assert browser.is_connected
        assert browser.manifest is not None
        manifest = json.loads(browser.manifest.read_text())
        assert manifest.pop("description")
        assert manifest == {
            "name": "org.altaloud.helper",
            "path": str(home.native_host),
            "type": "stdio",
            **who,
        }
        assert browsers.disconnect(browser)
        assert not browser.is_connected
        assert not browsers.disconnect(browser)


def test_a_browser_in_a_box_is_told_to_use_a_code(home: Home) -> None:
    with pytest.raises(BrowserError) as refusal:
        browsers.connect(home, Browser("Firefox (Snap)", "firefox", None))
    assert "altaloud pair" in refusal.value.advice


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, home: Home) -> None:
    (tmp_path / "profile").write_text("a file, not a folder")
    with pytest.raises(BrowserError, match="cannot connect"):
        browsers.connect(home, browsers.of_profile(tmp_path / "profile"))


def exchange(
    command: Sequence[str | Path], messages: Sequence[object], environment: Mapping[str, str] | None = None
) -> list[Any]:
    """Speak native messaging to a program; return its replies. All it prints must be frames."""
    sent = b"".join(
        struct.pack("@I", len(body)) + body for body in (json.dumps(message).encode() for message in messages)
    )
    process = subprocess.run(
        command, input=sent, capture_output=True, check=True, timeout=60, env=environment or os.environ
    )
    replies, rest = [], process.stdout
    while rest:
        (length,) = struct.unpack("@I", rest[:4])
        assert length < 1_000_000
        replies.append(json.loads(rest[4 : 4 + length]))
        rest = rest[4 + length :]
    return replies


def ask(home: Home, arguments: Sequence[str], *messages: object) -> list[Any]:
    command = [sys.executable, "-m", "altaloud.service.native_host", *arguments]
    return exchange(command, messages, {**os.environ, "ALTALOUD_HOME": str(home.path)})


def test_each_extension_gets_one_key_for_its_own_origin(home: Home) -> None:
    chromium, again = ask(home, FROM_CHROMIUM, *[{"ask": "connect", "origin": CHROMIUM_ORIGIN}] * 2)
    (firefox,) = ask(home, FROM_FIREFOX, {"ask": "connect", "origin": FIREFOX})

    assert chromium == again
    assert chromium["client"].startswith("browser-")
    assert len(base64.urlsafe_b64decode(chromium["key"] + "=")) == 32
    assert (chromium["port"], chromium["running"]) == (41717, False)
    assert firefox["key"] != chromium["key"]


STRANGERS: dict[str, tuple[tuple[str, ...], object]] = {
    "nobody": ((), {"ask": "connect", "origin": CHROMIUM_ORIGIN}),
    "another extension": (
        ("chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/",),
        {"ask": "connect", "origin": CHROMIUM_ORIGIN},
    ),
    "another add-on": (
        ("/m.json", "evil@example.org"),
        {"ask": "connect", "origin": FIREFOX},
    ),
    "an extension that names a page": (FROM_CHROMIUM, {"ask": "connect", "origin": "https://evil.example"}),
    "Chromium that names a Firefox": (FROM_CHROMIUM, {"ask": "connect", "origin": FIREFOX}),
    "Firefox that names a Chromium": (FROM_FIREFOX, {"ask": "connect", "origin": CHROMIUM_ORIGIN}),
    "no origin": (FROM_FIREFOX, {"ask": "connect"}),
    "a start by nobody": ((), {"ask": "start"}),
}


@pytest.mark.parametrize("case", STRANGERS.values(), ids=STRANGERS.keys())
def test_strangers_get_no_key(home: Home, case: tuple[tuple[str, ...], object]) -> None:
    arguments, message = case
    (reply,) = ask(home, arguments, message)
    assert set(reply) == {"error", "message", "advice"}
    assert reply["error"] == "ForbiddenError"
    assert not home.clients_file.exists()


def test_what_makes_no_sense_is_an_error_and_the_next_message_still_answered(home: Home) -> None:
    replies = ask(home, FROM_CHROMIUM, "hello", {"ask": "dance"}, None, {"ask": "status"})
    assert [reply.get("error") for reply in replies] == ["RequestError", "RequestError", "RequestError", None]
    assert replies[-1] == {"running": False, "port": 41717}


def test_a_helper_that_a_browser_starts_shows_an_icon_only_if_the_settings_say_so(home: Home) -> None:
    home.prepare()
    home.settings_file.write_text('port = 0\ntray = false\nvoice = "file"\n')
    try:
        (reply,) = ask(home, FROM_CHROMIUM, {"ask": "start"})
        assert reply["running"]
        with HelperClient(home) as helper:
            assert helper.status()["tray"]["why_not"] == "switched off"
    finally:
        with suppress(HelperNotRunningError):
            daemon.stop(home)


def test_a_frame_that_is_too_long_ends_the_conversation(home: Home) -> None:
    command = [sys.executable, "-m", "altaloud.service.native_host", *FROM_CHROMIUM]
    process = subprocess.run(
        command, input=struct.pack("@I", 2**31) + b"x" * 100, capture_output=True, check=True, timeout=60
    )
    assert process.stdout == b""


def test_the_launcher_reaches_this_home_unless_the_browser_names_another(tmp_path: Path, home: Home) -> None:
    browser = browsers.of_profile(tmp_path / "profile")
    browsers.connect(home, browser)
    assert browser.manifest is not None
    launcher = json.loads(browser.manifest.read_text())["path"]
    assert stat.S_IMODE(Path(launcher).stat().st_mode) == 0o700
    plain = {name: value for name, value in os.environ.items() if not name.startswith("ALTALOUD_")}
    connect = [{"ask": "connect", "origin": CHROMIUM_ORIGIN}]

    (here,) = exchange([launcher, *FROM_CHROMIUM], connect, plain)
    other = tmp_path / "other"
    (there,) = exchange([launcher, *FROM_CHROMIUM], connect, {**plain, "ALTALOUD_HOME": str(other)})

    assert home.clients_file.exists()
    assert (other / "clients.sqlite3").exists()
    assert here["key"] != there["key"]
