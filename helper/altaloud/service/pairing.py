"""Who a caller is: the hello that proves both sides know a key without sending it, sessions, pairing codes.

Both sides write the same transcript and sign it with the client's key. It holds the port, so that a program
of another user who took the helper's port cannot pass a proof on from the real one.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from altaloud.errors import ForbiddenError, NotPairedError, RequestError, TooManyCodesError
from altaloud.service.clients import Client, Clients, explained, open_file, transaction

NONCE_BYTES = 32
SESSION_SECONDS = 24 * 3600
CODE_SECONDS = 60
CODE_TRIES = 3
CODE_DIGITS = 6

# Fixed by the `key` in the extension's manifest.
CHROMIUM_ID = "iljedikjgfmcppelfgcnhflhenobjfdf"
CHROMIUM_ORIGIN = f"chrome-extension://{CHROMIUM_ID}"
FIREFOX_ID = "altaloud@altaloud.org"

# A hello alone proves nothing about the caller. What nobody has used yet is kept apart, so that whoever only
# knows a client's name cannot push out its sessions.
_MOST_UNUSED = 64
_MOST_USED = 16

_MOST_CODES = 10  # tried in a minute, right or wrong
_WINDOW_SECONDS = 60

_FIREFOX = re.compile(r"moz-extension://[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def transcript(client: str, client_nonce: str, helper_nonce: str, port: int) -> str:
    """Return what both sides sign."""
    return f"{client}|{client_nonce}|{helper_nonce}|127.0.0.1:{port}"


def proof(key: bytes, words: str) -> str:
    """Return what only a helper that knows the key can answer."""
    return encode(hmac.digest(key, b"altaloud helper|" + words.encode(), hashlib.sha256))


def session(key: bytes, words: str) -> str:
    """Return the bearer's second half."""
    return encode(hmac.digest(key, b"altaloud session|" + words.encode(), hashlib.sha256))


def encode(data: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decode(text: str) -> bytes:
    """Return the 32 bytes that `text` stands for.

    Raises:
        RequestError: It stands for no 32 bytes, or is not written the one right way.
    """
    try:
        data = base64.urlsafe_b64decode(text + "=")
    except (binascii.Error, ValueError) as error:
        raise RequestError("not base64url") from error
    if len(data) != NONCE_BYTES or encode(data) != text:
        raise RequestError("not 32 bytes in base64url without padding")
    return data


def is_extension(origin: str) -> bool:
    """Return whether this can be our extension's Origin; in Firefox every profile gives it another."""
    return origin == CHROMIUM_ORIGIN or _FIREFOX.fullmatch(origin) is not None


@dataclass(frozen=True, slots=True)
class _Session:
    client: str
    key: bytes
    ends: float  # seconds, on the clock of `Sessions`


class Sessions:
    """The sessions of this process. They end with it, with their client's key, or after a day."""

    def __init__(self, clients: Clients, *, port: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._clients = clients
        self._port = port
        self._clock = clock
        self._unused: dict[str, OrderedDict[bytes, _Session]] = {}
        self._used: dict[str, OrderedDict[bytes, _Session]] = {}

    def hello(self, client: str, nonce: str, origin: str | None) -> tuple[str, str]:
        """Begin a session.

        Returns:
            The helper's nonce, and its proof that it knows the client's key and its own port.

        Raises:
            RequestError: The nonce is not one.
            NotPairedError: There is no such client.
            ForbiddenError: The key is not good from that Origin.
        """
        decode(nonce)
        known = self._clients.get(client)
        if known is None:
            raise NotPairedError("this client has no key here")
        _check_origin(known, origin)
        helper_nonce = encode(secrets.token_bytes(NONCE_BYTES))
        words = transcript(client, nonce, helper_nonce, self._port)
        begun = _Session(client, known.key, self._clock() + SESSION_SECONDS)
        _put(self._unused, client, _digest(client, session(known.key, words)), begun, most=_MOST_UNUSED)
        return helper_nonce, proof(known.key, words)

    def client(self, bearer: str, origin: str | None) -> Client:
        """Return whose bearer this is.

        Raises:
            NotPairedError: Nobody's, or the session has ended.
            ForbiddenError: The key is not good from that Origin.
        """
        name, _, secret = bearer.rpartition(".")
        digest = _digest(name, secret)
        found = self._found(name, digest)
        known = self._clients.get(name) if found else None
        if found is None or known is None or not hmac.compare_digest(known.key, found.key):
            self._drop(name, digest)
            raise NotPairedError("no session, or one that has ended")
        _check_origin(known, origin)
        return known

    def _found(self, name: str, digest: bytes) -> _Session | None:
        begun = self._unused.get(name, OrderedDict()).pop(digest, None)
        if begun is not None:
            _put(self._used, name, digest, begun, most=_MOST_USED)
        else:
            begun = self._used.get(name, OrderedDict()).get(digest)
        return begun if begun is not None and begun.ends > self._clock() else None

    def _drop(self, name: str, digest: bytes) -> None:
        for sessions in (self._unused, self._used):
            sessions.get(name, OrderedDict()).pop(digest, None)


class Codes:
    """One-time pairing codes. `altaloud pair` writes one; the helper, another process, redeems it."""

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._db = open_file(path)
        self._clock = clock
        self._tried: deque[float] = deque()

    def offer(self) -> str:
        """Return a new code, grouped to be heard well: good once, for a minute, instead of any before."""
        code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
        salt = secrets.token_bytes(16)
        with explained(), transaction(self._db):
            self._db.execute(
                "INSERT OR REPLACE INTO code VALUES (1, ?, ?, ?, ?)",
                (salt, _code_digest(salt, code), self._clock() + CODE_SECONDS, CODE_TRIES),
            )
        return f"{code[: CODE_DIGITS // 2]} {code[CODE_DIGITS // 2 :]}"

    def redeem(self, code: str, origin: str | None, clients: Clients) -> Client:
        """Return a new client for the extension of that Origin.

        Raises:
            ForbiddenError: It is not our extension that asks.
            TooManyCodesError: More were tried than a person would.
            NotPairedError: The code is wrong, used, tried too often or too old.
        """
        if origin is None or not is_extension(origin):
            raise ForbiddenError("only the extension pairs by code")
        self._count_try()
        if not self._is_right("".join(code.split())):
            raise NotPairedError(
                "this code is wrong or no longer good",
                advice="Run `altaloud pair` and type the new code within a minute.",
            )
        return clients.add_browser(origin)

    def close(self) -> None:
        """Release the file."""
        self._db.close()

    def _count_try(self) -> None:
        now = self._clock()
        while self._tried and not now - _WINDOW_SECONDS < self._tried[0] <= now:
            self._tried.popleft()
        if len(self._tried) >= _MOST_CODES:
            raise TooManyCodesError("too many codes were tried")
        self._tried.append(now)

    def _is_right(self, code: str) -> bool:
        # The try is counted in the same transaction, so that no two callers share one.
        with explained(), transaction(self._db):
            row = self._db.execute("SELECT salt, digest, expires, tries FROM code").fetchone()
            if row is None:
                return False
            salt, digest, expires, tries = row
            is_alive = tries > 0 and 0 < expires - self._clock() <= CODE_SECONDS
            is_right = is_alive and hmac.compare_digest(_code_digest(salt, code), digest)
            if is_right or not is_alive:
                self._db.execute("DELETE FROM code")
            else:
                self._db.execute("UPDATE code SET tries = tries - 1")
        return is_right


def _check_origin(client: Client, origin: str | None) -> None:
    if origin != client.origin:
        raise ForbiddenError("this key is not good from here")


def _digest(client: str, secret: str) -> bytes:
    # Sessions are found by a hash, so that the time it takes says nothing about how near a guess was.
    return hashlib.sha256(f"{client}.{secret}".encode()).digest()


def _code_digest(salt: bytes, code: str) -> bytes:
    return hmac.digest(salt, code.encode(), hashlib.sha256)


def _put(
    sessions: dict[str, OrderedDict[bytes, _Session]], client: str, digest: bytes, new: _Session, *, most: int
) -> None:
    kept = sessions.setdefault(client, OrderedDict())
    kept[digest] = new
    if len(kept) > most:
        kept.popitem(last=False)
