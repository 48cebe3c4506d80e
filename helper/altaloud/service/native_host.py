"""The program that a browser starts for the extension: it tells the extension its key, and starts the helper.

Native messaging: over stdin and stdout, 4 bytes of length in the machine's order, then JSON. The browser says
in the arguments which extension asks: Chromium its origin, Firefox its id after the manifest's path. Nothing
but frames may appear on stdout.
"""

import json
import os
import struct
import sys
from collections.abc import Mapping, Sequence
from typing import IO, Any

from altaloud.errors import AltaloudError, ForbiddenError, HelperRunningError, RequestError
from altaloud.service import daemon
from altaloud.service.clients import Clients
from altaloud.service.pairing import CHROMIUM_ORIGIN, FIREFOX_ID, encode, is_extension
from altaloud.settings import Home, Settings

_LENGTH = struct.Struct("@I")
_MOST_BYTES = 64 * 1024  # of a message; ours are a hundred


def main() -> None:
    """Answer the browser until it closes the pipe."""
    frames = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not break a frame
    while (asked := _read(sys.stdin.buffer)) is not None:
        _write(frames, answer(asked, sys.argv[1:], os.environ))


def answer(asked: object, arguments: Sequence[str], environment: Mapping[str, str]) -> dict[str, Any]:
    """Return the reply to one message of the extension that `arguments` name."""
    try:
        is_chromium = _is_chromium(arguments)
        if not isinstance(asked, dict):
            raise RequestError("a message must be an object")
        home = Home.of(environment)
        home.prepare()
        settings = Settings.read(home, environment)
        match asked.get("ask"):
            case "connect":
                return _connect(home, settings, _origin(asked.get("origin"), is_chromium=is_chromium))
            case "start":
                return _start(home, settings)
            case "status":
                return _status(home, settings)
            case _:
                raise RequestError("that cannot be asked")
    except AltaloudError as error:
        return error.fields()


def _is_chromium(arguments: Sequence[str]) -> bool:
    """Return whether our extension in Chromium asks, or in Firefox.

    Raises:
        ForbiddenError: Another extension, or not a browser.
    """
    if arguments and arguments[0] == f"{CHROMIUM_ORIGIN}/":
        return True
    if len(arguments) >= 2 and arguments[1] == FIREFOX_ID:
        return False
    raise ForbiddenError("only Altaloud's own extension may ask")


def _origin(origin: object, *, is_chromium: bool) -> str:
    if not isinstance(origin, str) or not is_extension(origin) or (origin == CHROMIUM_ORIGIN) != is_chromium:
        raise ForbiddenError("that is not the extension's own origin")
    return origin


def _connect(home: Home, settings: Settings, origin: str) -> dict[str, Any]:
    clients = Clients(home.clients_file)
    try:
        client = clients.browser(origin) or clients.add_browser(origin)
    finally:
        clients.close()
    return {"client": client.name, "key": encode(client.key), **_status(home, settings)}


def _start(home: Home, settings: Settings) -> dict[str, Any]:
    try:
        return {"running": True, "port": daemon.start(home, settings, tray=settings.tray).port}
    except HelperRunningError:
        return _status(home, settings)


def _status(home: Home, settings: Settings) -> dict[str, Any]:
    running = daemon.running(home)
    return {"running": running is not None, "port": running.port if running else settings.port}


def _read(pipe: IO[bytes]) -> object:
    """Return the next message, or None at the end or where there is no making sense of it."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    body = pipe.read(length) if length <= _MOST_BYTES else b""
    try:
        message: object = json.loads(body)
    except ValueError:
        return None
    return message if message is not None else {}


def _write(pipe: IO[bytes], message: Mapping[str, Any]) -> None:
    body = json.dumps(message).encode()
    pipe.write(_LENGTH.pack(len(body)) + body)
    pipe.flush()


if __name__ == "__main__":
    main()
