"""The browsers and programs that may ask, with their keys, in one SQLite file that only its owner may read.

The command line, a browser's native host and the helper have it open at the same time; nothing is held in
memory, so that a key revoked by one is refused by the others at once.
"""

import os
import re
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from altaloud.errors import NotFoundError, RequestError, StoreDamagedError
from altaloud.memory import database

KEY_BYTES = 32

# Applied in order, once each; SQLite's user_version counts how many have run.
# Append only: an entry that has shipped is never edited.
_MIGRATIONS = (
    """
    CREATE TABLE client (
        name   TEXT NOT NULL PRIMARY KEY,
        kind   TEXT NOT NULL CHECK (kind IN ('browser', 'program')),
        origin TEXT CHECK ((origin IS NULL) = (kind = 'program')),
        key    BLOB NOT NULL CHECK (length(key) = 32),
        added  TEXT NOT NULL  -- ISO 8601, UTC
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE code (
        only    INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),  -- one at a time
        salt    BLOB NOT NULL,
        digest  BLOB NOT NULL,
        expires REAL NOT NULL,  -- seconds since 1970
        tries   INTEGER NOT NULL
    ) STRICT
    """,
)

_BUSY_SECONDS = 2.0  # how long another program may hold the file before we give up
_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
_BROWSER = "browser-"


@dataclass(frozen=True, slots=True)
class Client:
    """One browser or program. A browser's key is good only with its Origin, a program's only without one."""

    name: str
    kind: Literal["browser", "program"]
    origin: str | None
    key: bytes
    added: datetime  # UTC

    def __repr__(self) -> str:
        # The key must not reach a log by way of an error message.
        return f"Client({self.name!r})"


class Clients:
    """The file. For one thread; other processes may have it open too."""

    def __init__(self, path: Path) -> None:
        self._db = open_file(path)

    def add_program(self, name: str) -> Client:
        """Make a key for a program of this computer.

        Raises:
            RequestError: The name has other signs than letters, digits, `-`, `_`, `.`; or it is taken.
        """
        if not _NAME.fullmatch(name) or name.startswith(_BROWSER):
            raise RequestError(
                "that cannot be a program's name",
                advice=f'Use 1 to 64 letters, digits, "-", "_" or ".", and not "{_BROWSER}" in front.',
            )
        client = Client(name, "program", None, secrets.token_bytes(KEY_BYTES), datetime.now(UTC))
        if not self._insert(client):
            raise RequestError(
                f"there is a key for {name} already",
                advice=f"Use that one, or remove it first with `altaloud keys revoke {name}`.",
            )
        return client

    def add_browser(self, origin: str) -> Client:
        """Make a key for the extension of that Origin."""
        name = _BROWSER + secrets.token_hex(4)
        client = Client(name, "browser", origin, secrets.token_bytes(KEY_BYTES), datetime.now(UTC))
        self._insert(client)
        return client

    def get(self, name: str) -> Client | None:
        """Return the client of that name, or None."""
        with explained():
            row = self._db.execute("SELECT * FROM client WHERE name = ?", (name,)).fetchone()
        return None if row is None else _client(row)

    def browser(self, origin: str) -> Client | None:
        """Return the client that was added last for that Origin, or None."""
        with explained():
            row = self._db.execute(
                "SELECT * FROM client WHERE origin = ? ORDER BY added DESC LIMIT 1", (origin,)
            ).fetchone()
        return None if row is None else _client(row)

    def list(self) -> tuple[Client, ...]:
        """Return all, the oldest first."""
        with explained():
            rows = self._db.execute("SELECT * FROM client ORDER BY added, name").fetchall()
        return tuple(_client(row) for row in rows)

    def revoke(self, name: str) -> None:
        """Remove a key; what was begun with it is refused from now on.

        Raises:
            NotFoundError: There is none of that name.
        """
        with explained():
            removed = self._db.execute("DELETE FROM client WHERE name = ?", (name,)).rowcount
        if not removed:
            raise NotFoundError("there is no key of that name", advice="See `altaloud keys list`.")

    def close(self) -> None:
        """Release the file."""
        self._db.close()

    def _insert(self, client: Client) -> bool:
        """Return whether it was added; else the name is taken."""
        with explained(), transaction(self._db):
            added = self._db.execute(
                "INSERT INTO client VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING",
                (client.name, client.kind, client.origin, client.key, client.added.isoformat()),
            )
            return added.rowcount == 1


def open_file(path: Path) -> sqlite3.Connection:
    """Open the file with its tables brought up to date.

    Raises:
        StoreDamagedError: It is not one.
        RememberingError: It cannot be used now.
    """
    with explained():
        # Made here and not by SQLite, which would let others read it.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        path.chmod(0o600)
        db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
        try:
            with transaction(db):
                (done,) = db.execute("PRAGMA user_version").fetchone()
                for migration in _MIGRATIONS[done:]:
                    db.execute(migration)
                if done < len(_MIGRATIONS):  # it writes, even if nothing changes
                    db.execute(f"PRAGMA user_version = {len(_MIGRATIONS)}")
        except BaseException:
            db.close()
            raise
    return db


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """One writer at a time: committed on success, undone on any error."""
    db.execute("BEGIN IMMEDIATE")
    with db:
        yield


@contextmanager
def explained() -> Iterator[None]:
    """Map what SQLite and the disk raise."""
    try:
        with database.explained("the list of browsers and programs"):
            yield
    except StoreDamagedError as error:
        raise StoreDamagedError(
            str(error), advice="Remove clients.sqlite3 from the helper's folder and connect again."
        ) from error


def _client(row: tuple[str, Literal["browser", "program"], str | None, bytes, str]) -> Client:
    name, kind, origin, key, added = row
    return Client(name, kind, origin, key, datetime.fromisoformat(added))
