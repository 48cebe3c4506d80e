"""A Chromium of its own profile with the extension loaded, and the examples page served to it."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from altaloud.errors import BrowserError
from altaloud.service import browsers
from altaloud.settings import Home

# Google's own Chrome comes last: its newer versions load no extension from the command line.
_PROGRAMS = (
    *("chromium", "chromium-browser", "brave-browser", "microsoft-edge", "google-chrome"),
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Brave Browser.app/Contents/MacOS/Brave Browser",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
)


def find() -> str:
    """Return a Chromium that can be shown here.

    Raises:
        BrowserError: There is none, or no screen.
    """
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise BrowserError("there is no screen here", advice="Run --browser on a desktop, or leave it out.")
    for program in _PROGRAMS:
        found = shutil.which(program)
        # A browser from a Snap sees neither our profile folder nor our program.
        if found and not Path(found).resolve().is_relative_to("/snap"):
            return found
    raise BrowserError("no Chromium was found", advice="Install it; on Debian: sudo apt-get install chromium")


def show(program: str, home: Home, profile: Path, *, extension: Path, examples: Path) -> None:
    """Open the examples page in a new profile; return when the user has closed the browser.

    Args:
        program: As `find` returns it.
        home: Whose helper the extension is to reach.
        profile: An empty folder.
        extension: The extension's folder.
        examples: The folder of the examples page.

    Raises:
        BrowserError: The profile cannot be connected to the helper.
    """
    browsers.connect(home, browsers.of_profile(profile))
    variables = {**os.environ, "ALTALOUD_HOME": str(home.path)}
    with _served(examples) as address:
        _open_and_wait(_command(program, profile, extension, f"{address}/index.html"), variables)


def _command(program: str, profile: Path, extension: Path, address: str) -> list[str]:
    command = [
        program,
        f"--user-data-dir={profile}",
        f"--load-extension={extension}",
        "--disable-features=DisableLoadExtensionCommandLineSwitch",
        "--no-first-run",
        "--no-default-browser-check",
        "--force-renderer-accessibility",
        address,
    ]
    if sys.platform == "linux" and os.geteuid() == 0:
        command.insert(1, "--no-sandbox")  # Chromium's own sandbox does not start for root
    return command


def _open_and_wait(command: list[str], variables: Mapping[str, str]) -> None:
    browser = subprocess.Popen(
        command,
        env=dict(variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        browser.wait()
    finally:
        browser.terminate()
        browser.wait()


class _Handler(SimpleHTTPRequestHandler):
    """Serves one folder and writes no log."""

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the base class's name
        """Keep quiet."""


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """Serve a folder on loopback; yield its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
