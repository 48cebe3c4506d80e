"""The icon in the desktop's tray: an extra, in a process of its own, where there is a desktop that shows one.

All that its menu does can be done by the command line too: many desktops have no tray, and some no keyboard
way to it. Run as `python -m altaloud.service.tray`, it is that process; it ends with the helper.
"""

import asyncio
import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Any

from altaloud.errors import AltaloudError
from altaloud.service import daemon
from altaloud.service.client import HelperClient
from altaloud.service.pairing import CODE_SECONDS, Codes
from altaloud.settings import Home

_NO_TRAY = 3  # exit code: the libraries or the desktop for it are not there
_END_SECONDS = 2.0
# What pystray raises where a desktop shows no notifications: on Linux GLib's error, which is a RuntimeError
# as NotImplementedError is; on Windows OSError; on macOS the failure of the program that shows them.
_CANNOT_NOTIFY = (RuntimeError, OSError, subprocess.SubprocessError)


class Tray:
    """The icon's process, as the helper sees it. It never matters to anything else whether it is there."""

    def __init__(self, home: Home, environment: Mapping[str, str], *, is_wanted: bool) -> None:
        self._environment = {**environment, "ALTALOUD_HOME": str(home.path)} if home.is_moved else environment
        self._process: asyncio.subprocess.Process | None = None
        self._why_not = "" if is_wanted else "switched off"
        if is_wanted and not has_display(environment):
            self._why_not = "there is no display"

    async def start(self) -> None:
        """Show the icon, where there is a display and it is wanted."""
        if self._why_not:
            return
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "altaloud.service.tray"),
            stdin=asyncio.subprocess.PIPE,  # its end tells the process that the helper has gone
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env=self._environment,
        )

    def status(self) -> dict[str, Any]:
        """Return whether the icon is shown, and why not."""
        why_not = self._why_not
        if self._process is not None and self._process.returncode is not None:
            why_not = "this desktop has no tray" if self._process.returncode == _NO_TRAY else "it has ended"
        return {"is_shown": not why_not, "why_not": why_not or None}

    async def close(self) -> None:
        """Take the icon away."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), _END_SECONDS)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


def has_display(environment: Mapping[str, str], *, system: str = sys.platform) -> bool:
    """Return whether windows can be shown."""
    return system in ("win32", "darwin") or bool(
        environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")
    )


def main() -> None:
    """Show the icon until the helper ends."""
    threading.Thread(target=_end_with_the_helper, daemon=True).start()
    if sys.platform == "linux":
        os.environ["PYSTRAY_BACKEND"] = "appindicator"  # the others have no menu
    try:
        icon = _icon(Home.of(os.environ))
        icon.run()
    except Exception:  # noqa: BLE001 - whatever a desktop's library raises, there is no icon then
        sys.exit(_NO_TRAY)


def _end_with_the_helper() -> None:
    sys.stdin.read()
    os._exit(0)  # the desktop's own loop has the main thread, and would not end for an exception


def _icon(home: Home) -> Any:
    import pystray
    from PIL import Image, ImageDraw

    def tell(icon: Any, words: str) -> None:
        icon.title = f"Altaloud: {words}"
        with contextlib.suppress(*_CANNOT_NOTIFY):  # the title says it too
            icon.notify(words, "Altaloud")

    def pair(icon: Any, _item: Any) -> None:
        tell(icon, offer_code(home))

    def hush(icon: Any, _item: Any) -> None:
        try:
            with HelperClient(home) as helper:
                helper.hush()
        except AltaloudError as error:
            tell(icon, f"{error}. {error.advice}")

    def stop(icon: Any, _item: Any) -> None:
        try:
            daemon.stop(home)
        except AltaloudError as error:
            tell(icon, f"{error}. {error.advice}")

    running = daemon.running(home)
    state = f"Running on port {running.port}" if running else "Running"
    picture = Image.new("RGB", (64, 64), "#1b4f72")
    draw = ImageDraw.Draw(picture)
    draw.polygon([(12, 24), (24, 24), (38, 12), (38, 52), (24, 40), (12, 40)], fill="white")
    draw.arc([32, 18, 54, 46], -60, 60, fill="white", width=5)
    menu = pystray.Menu(
        pystray.MenuItem(state, None, enabled=False),
        pystray.MenuItem("Connect a browser by code", pair),
        pystray.MenuItem("Be silent", hush),
        pystray.MenuItem("Stop Altaloud", stop),
    )
    return pystray.Icon("altaloud", picture, "Altaloud", menu)


def offer_code(home: Home) -> str:
    """Offer a pairing code and say it aloud; return what to show."""
    codes = Codes(home.clients_file)
    try:
        code = codes.offer()
    finally:
        codes.close()
    words = f"Type {code} in the extension's options within {CODE_SECONDS} seconds."
    try:
        with HelperClient(home) as helper:
            helper.say(f"The code is {', '.join(code.replace(' ', ''))}.", language="en")
    except AltaloudError as error:
        return f"{words} It could not be spoken: {error}."
    return words


if __name__ == "__main__":
    main()
