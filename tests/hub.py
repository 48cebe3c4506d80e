"""A stand-in of the hub on loopback: the part of its HTTP interface that a download uses.

Like the real one it serves files of a repository at one commit, redirects large ones to another host
(another port here), honours Range, and tells sizes and digests as metadata. Its switches do what
networks do: cut, stall, answer 503, change bytes.
"""

import hashlib
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

LARGE_BYTES = 1_000_000  # files of at least this size are redirected, as the hub does with LFS files


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that came."""

    method: str
    path: str
    headers: Mapping[str, str]  # names in lower case
    first_byte: int  # of the Range header, else 0
    is_content: bool  # the answer held the file, so not a redirect, an error or metadata


@dataclass(slots=True)
class Hub:
    """Serves `repositories`: (repository, revision) -> folder. Change the switches at any time."""

    repositories: Mapping[tuple[str, str], Path]
    cut_after_bytes: int | None = None  # close the connection after so many bytes of a file ...
    cuts_left: int = 1  # ... so many times
    wrong_bytes_in: str | None = None  # the file whose last byte is changed on the way
    missing: set[str] = field(default_factory=set)  # 404
    busy_left: int = 0  # 503, so many times
    bytes_per_second: float | None = None  # slower than the wire
    honours_range: bool = True
    told_digests: dict[str, str] = field(
        default_factory=dict
    )  # file -> a SHA-256 to tell instead of the real
    commit: str | None = None  # X-Repo-Commit instead of the real one
    asked: list[Asked] = field(default_factory=list)
    bytes_sent: int = 0
    _servers: list[ThreadingHTTPServer] = field(default_factory=list)

    @property
    def endpoint(self) -> str:
        """What HF_ENDPOINT is to be."""
        return f"http://127.0.0.1:{self._servers[0].server_port}"

    def content_requests(self, name: str) -> list[Asked]:
        """Return the requests that were answered with the bytes of the file `name`."""
        return [asked for asked in self.asked if asked.is_content and asked.path.endswith(f"/{name}")]

    def __enter__(self) -> Self:
        for _ in range(2):  # the hub and the host that large files lie on
            server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, self))
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
            self._servers.append(server)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def large_file_host(self) -> str:
        """The other host."""
        return f"http://127.0.0.1:{self._servers[1].server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, hub: Hub, *arguments: object) -> None:
        self._hub = hub
        super().__init__(*arguments)  # type: ignore[arg-type] # the server's own three

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        hub = self._hub
        path = urlsplit(self.path).path
        if hub.busy_left > 0:
            hub.busy_left -= 1
            self._note(is_content=False)
            self._error(503)
        elif path.startswith("/api/models/"):
            self._note(is_content=False)
            self._metadata(path.removeprefix("/api/models/"))
        elif path.startswith("/large/"):
            self._file(path.removeprefix("/large/"), is_large=True)
        else:
            self._resolve(path.removeprefix("/"))

    def _note(self, *, is_content: bool) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        path = urlsplit(self.path).path
        self._hub.asked.append(Asked(self.command, path, headers, self._first_byte(), is_content))

    def _first_byte(self) -> int:
        return int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")[0])

    def _find(self, path: str, word: str) -> tuple[Path, str] | None:
        """Return folder and revision that REPOSITORY/word/REVISION[/...] names."""
        for (repository, revision), folder in self._hub.repositories.items():
            if f"{path}/".startswith(f"{repository}/{word}/{revision}/"):
                return folder, revision
        return None

    def _resolve(self, path: str) -> None:
        found = self._find(path, "resolve")
        name = path.rpartition("/")[2]
        if found is None or name in self._hub.missing or not (found[0] / name).is_file():
            self._note(is_content=False)
            self._error(404)
        elif (found[0] / name).stat().st_size >= LARGE_BYTES:
            self._note(is_content=False)
            self.send_response(302)
            self._describe(found[0] / name, found[1], is_large=True)
            self.send_header("Location", f"{self._hub.large_file_host()}/large/{path}?signature=abc")
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self._file(path, is_large=False)

    def _describe(self, file: Path, revision: str, *, is_large: bool) -> None:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        self.send_header("X-Repo-Commit", self._hub.commit or revision)
        self.send_header("ETag", f'"{digest}"')
        if is_large:
            self.send_header("X-Linked-ETag", f'"{digest}"')
            self.send_header("X-Linked-Size", str(file.stat().st_size))

    def _file(self, path: str, *, is_large: bool) -> None:
        found = self._find(path, "resolve")
        if found is None:
            return self._error(404)
        self._note(is_content=self.command == "GET")
        folder, revision = found
        file = folder / path.rpartition("/")[2]
        data = file.read_bytes()
        if self._hub.wrong_bytes_in == file.name:
            data = data[:-1] + bytes([data[-1] ^ 1])
        first = self._first_byte() if self._hub.honours_range else 0
        if first >= len(data) > 0:
            return self._error(416)
        self.send_response(206 if first else 200)
        if first:
            self.send_header("Content-Range", f"bytes {first}-{len(data) - 1}/{len(data)}")
        if not is_large:
            self._describe(file, revision, is_large=False)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(len(data) - first))
        self.end_headers()
        if self.command == "GET":
            self._send(data[first:])
        return None

    def _send(self, data: bytes) -> None:
        hub, sent = self._hub, 0
        pace = hub.bytes_per_second
        step = max(1, int(pace / 50)) if pace else 1 << 16
        while sent < len(data):
            part = data[sent : sent + step]
            if hub.cut_after_bytes is not None and hub.cuts_left > 0:
                part = part[: hub.cut_after_bytes - sent]
            try:
                self.wfile.write(part)
            except OSError:  # the other side has gone
                self.close_connection = True
                return
            sent += len(part)
            hub.bytes_sent += len(part)
            if hub.cut_after_bytes is not None and hub.cuts_left > 0 and sent >= hub.cut_after_bytes:
                hub.cuts_left -= 1
                self.close_connection = True
                return
            if pace:
                time.sleep(step / pace)

    def _metadata(self, path: str) -> None:
        found = self._find(path, "revision")
        if found is None:
            return self._error(404)
        folder, revision = found
        siblings = [self._sibling(file) for file in sorted(folder.iterdir())]
        body = json.dumps({"sha": revision, "siblings": siblings}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        return None

    def _sibling(self, file: Path) -> dict[str, object]:
        data = file.read_bytes()
        blob = hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
        entry: dict[str, object] = {"rfilename": file.name, "size": len(data), "blobId": blob}
        if len(data) >= LARGE_BYTES:
            digest = self._hub.told_digests.get(file.name, hashlib.sha256(data).hexdigest())
            entry["lfs"] = {"sha256": digest, "size": len(data), "pointerSize": 135}
        return entry

    def _error(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()
