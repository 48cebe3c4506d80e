"""What stands in front of every route: who may ask at all, from where, how much and how slowly.

A page in the user's own browser can reach 127.0.0.1, by its address or by a DNS name that it rebinds. So the
Host header must be ours to the byte, a page's Origin is refused whatever bearer it shows, and nothing is
answered that a page could send without asking first. Who is not paired is refused before the body is read.
"""

import asyncio
import contextlib
import logging
import re
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePath

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from altaloud.errors import (
    AltaloudError,
    BodyTooLargeError,
    BodyTypeError,
    ForbiddenError,
    MethodError,
    NotPairedError,
    RequestError,
    TooManyRequestsError,
    TooSlowError,
)
from altaloud.service.pairing import Sessions
from altaloud.service.refusal import refusal

# Neither can show a session yet: the one begins it, the other brings a code.
OPEN = frozenset({"/v1/hello", "/v1/pairings"})
# These bring an image.
MULTIPART = frozenset({"/v1/descriptions", "/v1/questions"})

LARGEST_AT_ONCE = 4  # so many bodies of the largest size, or more smaller ones, are held in memory
BODY_SECONDS = 30.0  # from the end of the headers to the end of the body
_JSON_BYTES = 64 * 1024
_MULTIPART_EXTRA_BYTES = 256 * 1024  # beside the image: the request in JSON, the parts' own headers
_LINGER_SECONDS = 1.0  # a refused body is let come for so long, or the refusal may get lost with it

_EXTENSION = re.compile(rb"(chrome-extension|moz-extension)://[0-9a-z-]{1,64}")
# An extension's own requests have none or these; a page's have cross-site, or same-site from another port.
_FETCH_SITES = frozenset({b"none", b"same-origin"})

_log = logging.getLogger("altaloud.guard")


class Guard:
    """ASGI middleware in front of the whole application."""

    def __init__(self, app: ASGIApp, *, port: int, sessions: Sessions, max_image_bytes: int) -> None:
        self._app = app
        self._host = f"127.0.0.1:{port}".encode()
        self._sessions = sessions
        self._max_image_bytes = max_image_bytes
        self._held_bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through to the application, or answer it with a refusal."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # uvicorn is told to offer no WebSocket; this is the second lock
            await send({"type": "websocket.close", "code": 1008})
            return
        with self._room() as hold:
            try:
                self._check(scope)
                whole = _Replay(await self._body(scope, receive, hold), receive)
            except AltaloudError as error:
                await _refuse(error, scope, receive, send)
            else:
                await self._answer(scope, whole, send)

    @contextlib.contextmanager
    def _room(self) -> Iterator[Callable[[int], None]]:
        """Yield what a request's bytes are reported to as they come; when it is answered they are let go."""
        mine = 0

        def hold(nbytes: int) -> None:
            nonlocal mine
            mine += nbytes
            self._held_bytes += nbytes
            if self._held_bytes > LARGEST_AT_ONCE * (self._max_image_bytes + _MULTIPART_EXTRA_BYTES):
                raise TooManyRequestsError("too many bytes are waiting already")

        try:
            yield hold
        finally:
            self._held_bytes -= mine

    def _check(self, scope: Scope) -> None:
        headers: Sequence[tuple[bytes, bytes]] = scope["headers"]
        if _all(headers, b"host") != [self._host]:
            raise ForbiddenError("wrong host")
        if not scope["raw_path"].startswith(b"/") or scope["raw_path"].startswith(b"//"):
            raise ForbiddenError("the request is for another host")
        if _all(headers, b"upgrade"):
            raise ForbiddenError("no other protocol is spoken here")
        if scope["method"] not in ("POST", "DELETE"):
            raise MethodError("every route is POST or DELETE")
        origin = _origin(headers)
        if any(site not in _FETCH_SITES for site in _all(headers, b"sec-fetch-site")):
            raise ForbiddenError("a web page may not ask")
        if scope["path"] not in OPEN:
            self._sessions.client(_bearer(headers), origin)
        self._check_body_type(scope["path"], headers)

    def _check_body_type(self, path: str, headers: Sequence[tuple[bytes, bytes]]) -> None:
        wanted = b"multipart/form-data" if path in MULTIPART else b"application/json"
        has_body = _all(headers, b"transfer-encoding") or _content_length(headers)
        kinds = [kind.partition(b";")[0].strip().lower() for kind in _all(headers, b"content-type")]
        if has_body and kinds != [wanted]:
            raise BodyTypeError(f"this route takes {wanted.decode()}")

    async def _body(self, scope: Scope, receive: Receive, hold: Callable[[int], None]) -> bytes:
        limit = self._max_bytes(scope["path"])
        if _content_length(scope["headers"]) > limit:
            raise BodyTooLargeError(f"the request is larger than {limit:,} bytes")
        body = bytearray()
        try:
            async with asyncio.timeout(BODY_SECONDS):
                while True:
                    message = await receive()
                    body += message.get("body", b"")
                    hold(len(message.get("body", b"")))
                    if len(body) > limit:
                        raise BodyTooLargeError(f"the request is larger than {limit:,} bytes")
                    if not message.get("more_body", False):
                        return bytes(body)
        except TimeoutError as error:
            raise TooSlowError("the request did not arrive in time") from error

    def _max_bytes(self, path: str) -> int:
        return self._max_image_bytes + _MULTIPART_EXTRA_BYTES if path in MULTIPART else _JSON_BYTES

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_begun = False

        async def watched(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001 - the last face before the wire must answer something
            _log.error("a route failed: %s at %s", type(error).__name__, _place(error))
            if not has_begun:
                await _send(AltaloudError("the helper made a mistake"), send, is_last=True)


def _place(error: BaseException) -> str:
    """Return where an error was raised: enough to find it, and nothing of what was sent."""
    frames = traceback.extract_tb(error.__traceback__)
    return ", ".join(f"{PurePath(frame.filename).name}:{frame.lineno}" for frame in frames[-3:])


class _Replay:
    """Gives the application a body that has been read already, and then what the connection says."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


async def _refuse(error: AltaloudError, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer, and then let a body that is on its way come in and be thrown away.

    Closing at once would reset the connection, and the caller might never read why.
    """
    _log.info("refused: %s", type(error).__name__)
    has_body = bool(_all(scope["headers"], b"transfer-encoding") or _has_length(scope["headers"]))
    await _send(error, send, is_last=not has_body)
    if not has_body:
        return
    try:
        async with asyncio.timeout(_LINGER_SECONDS):
            while (message := await receive())["type"] == "http.request" and message.get("more_body"):
                pass
    except TimeoutError:
        pass  # long enough: the rest is not waited for
    await send({"type": "http.response.body", "body": b""})


async def _send(error: AltaloudError, send: Send, *, is_last: bool) -> None:
    answer = refusal(error)
    headers = [*answer.headers, (b"connection", b"close")]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body, "more_body": not is_last})


def _all(headers: Sequence[tuple[bytes, bytes]], name: bytes) -> list[bytes]:
    return [value for key, value in headers if key == name]


def _origin(headers: Sequence[tuple[bytes, bytes]]) -> str | None:
    """Return the extension's Origin, or None for a program.

    Raises:
        ForbiddenError: A page asks, or it is not clear who does.
    """
    origins = _all(headers, b"origin")
    if len(origins) > 1 or any(not _EXTENSION.fullmatch(origin) for origin in origins):
        raise ForbiddenError("a web page may not ask")
    return origins[0].decode("ascii") if origins else None


def _bearer(headers: Sequence[tuple[bytes, bytes]]) -> str:
    authorizations = _all(headers, b"authorization")
    if len(authorizations) != 1 or not authorizations[0].startswith(b"Bearer "):
        raise NotPairedError("no session")
    return authorizations[0].removeprefix(b"Bearer ").decode("latin-1")


def _content_length(headers: Sequence[tuple[bytes, bytes]]) -> int:
    """Return the announced length of the body; 0 where none is."""
    lengths = _all(headers, b"content-length")
    if any(not length.isdigit() for length in lengths):  # h11 refuses these first
        raise RequestError("a length that is no number")
    return int(lengths[0]) if lengths else 0


def _has_length(headers: Sequence[tuple[bytes, bytes]]) -> bool:
    return any(length != b"0" for length in _all(headers, b"content-length"))
