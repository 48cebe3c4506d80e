"""Which browsers there are, and the small files that let the extension in each of them reach the helper.

A native messaging manifest names our program and the one extension that may start it. Browsers in a Snap or
Flatpak cannot start it; they are connected by a code.
"""

import json
import os
import shlex
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from altaloud.errors import BrowserError
from altaloud.service.pairing import CHROMIUM_ORIGIN, FIREFOX_ID
from altaloud.settings import Home

HOST = "org.altaloud.helper"

Family = Literal["chromium", "firefox"]


@dataclass(frozen=True, slots=True)
class Browser:
    """One browser, or one profile folder, and where its manifest belongs."""

    name: str
    family: Family
    hosts: Path | None  # the folder of manifests; None: it cannot start our program and needs a code
    registry_key: str | None = None  # Windows: under HKEY_CURRENT_USER; the manifest is found through it

    @property
    def manifest(self) -> Path | None:
        """The file that we write."""
        return self.hosts / f"{HOST}.json" if self.hosts else None

    @property
    def is_connected(self) -> bool:
        """Whether the file is there, and names a program that is there."""
        if self.manifest is None:
            return False
        try:
            return Path(json.loads(self.manifest.read_text("utf-8"))["path"]).exists()
        except (OSError, ValueError, KeyError, TypeError):
            return False

    @property
    def needs_code(self) -> bool:
        """Whether it can only be connected by `altaloud pair`."""
        return self.hosts is None


# Name, family, folder of settings under the user's own, programs.
_LINUX: tuple[tuple[str, Family, str, tuple[str, ...]], ...] = (
    ("Chromium", "chromium", "chromium", ("chromium", "chromium-browser")),
    ("Google Chrome", "chromium", "google-chrome", ("google-chrome", "google-chrome-stable")),
    ("Microsoft Edge", "chromium", "microsoft-edge", ("microsoft-edge", "microsoft-edge-stable")),
    ("Brave", "chromium", "BraveSoftware/Brave-Browser", ("brave-browser", "brave")),
)
_MACOS: tuple[tuple[str, Family, str], ...] = (
    ("Chromium", "chromium", "Chromium"),
    ("Google Chrome", "chromium", "Google/Chrome"),
    ("Microsoft Edge", "chromium", "Microsoft Edge"),
    ("Brave", "chromium", "BraveSoftware/Brave-Browser"),
    ("Firefox", "firefox", "Mozilla"),
)
# Brave reads Chrome's key.
_WINDOWS: tuple[tuple[str, Family, str], ...] = (
    ("Google Chrome and Brave", "chromium", r"Software\Google\Chrome"),
    ("Chromium", "chromium", r"Software\Chromium"),
    ("Microsoft Edge", "chromium", r"Software\Microsoft\Edge"),
    ("Firefox", "firefox", r"Software\Mozilla"),
)
# Folders of Snaps and Flatpaks under the user's own.
_ENCLOSED: tuple[tuple[str, Family, str], ...] = (
    ("Firefox (Snap)", "firefox", "snap/firefox"),
    ("Chromium (Snap)", "chromium", "snap/chromium"),
    ("Firefox (Flatpak)", "firefox", ".var/app/org.mozilla.firefox"),
    ("Chromium (Flatpak)", "chromium", ".var/app/org.chromium.Chromium"),
    ("Google Chrome (Flatpak)", "chromium", ".var/app/com.google.Chrome"),
    ("Microsoft Edge (Flatpak)", "chromium", ".var/app/com.microsoft.Edge"),
    ("Brave (Flatpak)", "chromium", ".var/app/com.brave.Browser"),
)


def find(home: Home, environment: Mapping[str, str], *, system: str = sys.platform) -> tuple[Browser, ...]:
    """Return the browsers of this user.

    Args:
        home: Where Windows' manifests are kept.
        environment: Says where the user's folder is, and which programs there are.
        system: As `sys.platform`.
    """
    if system == "win32":
        return tuple(
            Browser(
                name, family, home.path / "native-messaging" / family, rf"{key}\NativeMessagingHosts\{HOST}"
            )
            for name, family, key in _WINDOWS
            if _has_key(key)
        )
    user = Path(environment.get("HOME") or Path.home())
    return _on_macos(user) if system == "darwin" else _on_linux(user, environment)


def of_profile(folder: Path) -> Browser:
    """Return the Chromium whose user data is in that folder."""
    return Browser(f"Chromium profile {folder}", "chromium", folder.absolute() / "NativeMessagingHosts")


def connect(home: Home, browser: Browser) -> None:
    """Let the extension in that browser reach the helper of this home.

    Raises:
        BrowserError: It needs a code, or its folder cannot be written.
    """
    if browser.manifest is None:
        raise BrowserError(
            f"{browser.name} keeps its extensions from starting programs",
            advice="Run `altaloud pair` and type the code in the extension's options.",
        )
    try:
        _write_launcher(home)
        browser.manifest.parent.mkdir(parents=True, exist_ok=True)
        _write(browser.manifest, json.dumps(_manifest(home, browser.family), indent=2) + "\n", mode=0o644)
    except OSError as error:
        raise BrowserError(f"cannot connect {browser.name}: {error.strerror}") from error
    if browser.registry_key is not None:
        _set_key(browser.registry_key, str(browser.manifest))


def disconnect(browser: Browser) -> bool:
    """Undo `connect`; return whether there was something to undo. Keys stay: `altaloud keys revoke`.

    Raises:
        BrowserError: Its folder cannot be written.
    """
    if browser.manifest is None:
        return False
    if browser.registry_key is not None:
        _remove_key(browser.registry_key)
    try:
        browser.manifest.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise BrowserError(f"cannot disconnect {browser.name}: {error.strerror}") from error
    return True


def _on_linux(user: Path, environment: Mapping[str, str]) -> tuple[Browser, ...]:
    config = Path(environment.get("XDG_CONFIG_HOME") or user / ".config")
    path = environment.get("PATH")
    found = [
        Browser(name, family, config / folder / "NativeMessagingHosts")
        for name, family, folder, programs in _LINUX
        if (config / folder).is_dir() or any(shutil.which(program, path=path) for program in programs)
    ]
    if (user / ".mozilla").is_dir() or any(shutil.which(p, path=path) for p in ("firefox", "firefox-esr")):
        found.append(Browser("Firefox", "firefox", user / ".mozilla" / "native-messaging-hosts"))
    found += [Browser(name, family, None) for name, family, folder in _ENCLOSED if (user / folder).is_dir()]
    return tuple(found)


def _on_macos(user: Path) -> tuple[Browser, ...]:
    support = user / "Library" / "Application Support"
    return tuple(
        Browser(name, family, support / folder / "NativeMessagingHosts")
        for name, family, folder in _MACOS
        if (support / folder).is_dir()
    )


def _manifest(home: Home, family: Family) -> dict[str, object]:
    who: dict[str, object] = (
        {"allowed_extensions": [FIREFOX_ID]}
        if family == "firefox"
        else {"allowed_origins": [f"{CHROMIUM_ORIGIN}/"]}
    )
    return {
        "name": HOST,
        "description": "Altaloud: automatic alternative text, made on this computer",
        "path": str(home.native_host),
        "type": "stdio",
        **who,
    }


def _write_launcher(home: Home) -> None:
    """Write the program that browsers start: this Python, for this home if the browser names no other."""
    home.prepare()
    run = [sys.executable, "-P", "-m", "altaloud.service.native_host"]
    if os.name == "nt":
        moved = f'if not defined ALTALOUD_HOME set "ALTALOUD_HOME={home.path}"\r\n' if home.is_moved else ""
        words = " ".join(f'"{word}"' for word in run)
        text = f"@echo off\r\n{moved}{words} %*\r\n"
    else:
        place = f"ALTALOUD_HOME=${{ALTALOUD_HOME:-{shlex.quote(str(home.path))}}}\nexport ALTALOUD_HOME\n"
        text = f'#!/bin/sh\n{place if home.is_moved else ""}exec {shlex.join(run)} "$@"\n'
    _write(home.native_host, text, mode=0o700)


def _write(path: Path, text: str, *, mode: int) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(text, "utf-8", newline="")
    draft.chmod(mode)
    draft.replace(path)


if sys.platform == "win32":
    import winreg

    def _has_key(key: str) -> bool:
        try:
            winreg.OpenKey(winreg.HKEY_CURRENT_USER, key).Close()
        except OSError:
            return False
        return True

    def _set_key(key: str, value: str) -> None:
        try:
            winreg.SetValue(winreg.HKEY_CURRENT_USER, key, winreg.REG_SZ, value)
        except OSError as error:
            raise BrowserError("the registry cannot be written") from error

    def _remove_key(key: str) -> None:
        try:
            winreg.DeleteKey(winreg.HKEY_CURRENT_USER, key)
        except FileNotFoundError:
            pass  # nothing to undo
        except OSError as error:
            raise BrowserError("the registry cannot be written") from error

else:

    def _has_key(_key: str) -> bool:
        return False

    def _set_key(_key: str, _value: str) -> None:
        raise BrowserError("only Windows has a registry")

    def _remove_key(_key: str) -> None:
        raise BrowserError("only Windows has a registry")
