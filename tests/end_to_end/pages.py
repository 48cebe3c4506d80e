"""A web server for the tests' pages, on this computer's loopback alone."""

import threading
from collections.abc import Mapping
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlsplit


class _Handler(SimpleHTTPRequestHandler):
    """Serves files of several folders, each under a name of its own, and notes what is asked for."""

    def __init__(self, *arguments: Any, folders: Mapping[str, Path], asked: list[str]) -> None:
        self._folders = folders
        self._asked = asked
        super().__init__(*arguments)

    def translate_path(self, path: str) -> str:
        """Return the file for an address such as /site/page.html."""
        name, _, rest = unquote(urlsplit(path).path).removeprefix("/").partition("/")
        folder = self._folders.get(name)
        if folder is None or ".." in rest.split("/"):
            return "/nowhere"
        return str(folder / rest)

    def end_headers(self) -> None:
        """Let no browser keep a file, unless ?keep asks for it.

        The same address may show another picture a moment later. But what may not be kept at all is not kept
        in memory either, for somebody to come back to.
        """
        if urlsplit(self.path).query != "keep":
            self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Note the path."""
        self._asked.append(self.path)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the base class's name
        """Keep quiet: a test that fails says what it missed."""


class Pages:
    """Serves `folders` at `address`/<name>/ until it is closed. Each instance is another origin."""

    def __init__(self, folders: Mapping[str, Path], *, host: str = "127.0.0.1") -> None:
        self.asked: list[str] = []  # paths, in the order of the requests
        handler = partial(_Handler, folders=dict(folders), asked=self.asked)
        self._server = ThreadingHTTPServer((host, 0), handler)
        self._server.daemon_threads = True
        self.address = f"http://{host}:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
