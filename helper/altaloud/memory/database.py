"""The SQLite file under the store: its tables, its promises to the disk, and what its errors mean."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from altaloud.errors import RememberingError, StoreDamagedError
from altaloud.memory.sealing import BrokenSealError, Seal

# id, model, made_at, sealed, the correction's sealed words
Row: TypeAlias = tuple[str, str, int, bytes, bytes | None]

# Applied in order, once each; SQLite's user_version counts how many have run.
# Append only: an entry that has shipped is never edited.
_MIGRATIONS = (
    """
    CREATE TABLE seen (
        id      TEXT NOT NULL,     -- keyed hash of the picture's fingerprint
        model   TEXT NOT NULL,     -- name@revision
        made_at INTEGER NOT NULL,  -- microseconds since 1970, UTC
        sealed  BLOB NOT NULL,     -- JSON
        PRIMARY KEY (id, model)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE correction (
        id      TEXT NOT NULL PRIMARY KEY,
        made_at INTEGER NOT NULL,
        sealed  BLOB NOT NULL      -- the user's own words
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE TABLE key_proof (sealed BLOB NOT NULL) STRICT",  # opens with the store's key and no other
    "CREATE INDEX seen_by_age ON seen (made_at)",
)

_BUSY_SECONDS = 2.0  # how long another program may hold the file before we give up
_PROOF = b"altaloud store"
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_OWN_FOLDER = "Make the helper's folder yours to write, or name another one in ALTALOUD_HOME."
# What happened, and what to do.
_REASONS = {
    sqlite3.SQLITE_BUSY: ("another program keeps it locked", "Try again in a moment."),
    sqlite3.SQLITE_FULL: ("the disk is full", "Free some disk space."),
    sqlite3.SQLITE_READONLY: ("it may not be written", _OWN_FOLDER),
    sqlite3.SQLITE_CANTOPEN: ("it cannot be opened", _OWN_FOLDER),
    sqlite3.SQLITE_IOERR: ("the disk fails", "Free some disk space; if that is not it, check the disk."),
}


def connect(path: Path | None) -> sqlite3.Connection:
    """Open the file with its tables brought up to date, or memory where there is no path."""
    with explained():
        if path is not None:
            # Made here and not by SQLite, which would let others read it.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            path.chmod(0o600)
        db = sqlite3.connect(path or ":memory:", timeout=_BUSY_SECONDS, isolation_level=None)
        # A flipped bit in a name must end as a row that does not open, and not as an error of decoding.
        db.text_factory = lambda text: text.decode("utf-8", "replace")
        try:
            _prepare(db)
        except BaseException:
            db.close()
            raise
        return db


@contextmanager
def explained(subject: str = "the store of descriptions") -> Iterator[None]:
    """Map what SQLite and the disk raise about the file called `subject` to errors of ours.

    Raises:
        StoreDamagedError: The file is not a store any more.
        RememberingError: It cannot be used now.
    """
    try:
        yield
    except sqlite3.Error as error:
        # The lower byte is the primary code; sqlite3's own refusals (a closed store) have none.
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in _DAMAGED:
            raise StoreDamagedError(f"{subject} is damaged or not one at all") from error
        reason, advice = _REASONS.get(code, (type(error).__name__, None))
        raise RememberingError(f"{subject} cannot be used: {reason}", advice=advice) from error
    except OSError as error:
        raise RememberingError(f"{subject} cannot be used: {error.strerror}", advice=_OWN_FOLDER) from error


@contextmanager
def transaction(db: sqlite3.Connection, *, survives_power_loss: bool = False) -> Iterator[sqlite3.Connection]:
    """One writer at a time: committed on success, undone on any error.

    A killed program loses nothing that was committed either way. Waiting until it is on the disk itself costs
    milliseconds in which the helper answers nobody, so that is for what the user would have to do again.
    """
    with explained():
        db.execute(f"PRAGMA synchronous = {'FULL' if survives_power_loss else 'NORMAL'}")
        db.execute("BEGIN IMMEDIATE")
        with db:
            yield db


def prove_key(db: sqlite3.Connection, seal: Seal) -> None:
    """Make sure that the store was sealed with this key.

    Raises:
        StoreDamagedError: It was not.
    """
    with transaction(db, survives_power_loss=True):
        proofs = db.execute("SELECT sealed FROM key_proof").fetchall()
        if any(_opens(seal, sealed, _PROOF) for (sealed,) in proofs):
            return
        # The proof itself may be what was damaged; and an empty store is anybody's.
        if not _is_empty(db) and not _opens_any(db, seal):
            raise StoreDamagedError(
                "the store of descriptions was sealed with another key",
                advice="Bring the old key back, or run `altaloud memory forget --all` to begin a new store.",
            )
        db.execute("DELETE FROM key_proof")
        db.execute("INSERT INTO key_proof VALUES (?)", (seal.seal(b"", _PROOF),))


def about_seen(name: str, model: str, made_at: int) -> bytes:
    """Return what a row of `seen` is bound to, so that none can be swapped, copied or given another date."""
    return f"seen|{name}|{made_at}|{model}".encode()


def about_correction(name: str) -> bytes:
    """Return what a row of `correction` is bound to: the picture, whatever the model and the date."""
    return f"correction|{name}".encode()


def compact(db: sqlite3.Connection) -> None:
    """Write the file anew without the removed rows, and empty what SQLite keeps beside it."""
    with explained():
        db.execute("VACUUM")
        busy, _, _ = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy and db.execute("PRAGMA journal_mode").fetchone() == ("wal",):
        raise RememberingError(
            "the descriptions are removed, but another program still reads the old file",
            advice="Run the same command again in a moment.",
        )


def files(path: Path) -> tuple[Path, Path, Path]:
    """Return the store's file and the two that SQLite keeps beside it."""
    return path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")


def _prepare(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA secure_delete = ON")  # removed rows are overwritten at once, not when space is needed
    _switch_to_wal(db)
    with transaction(db, survives_power_loss=True):
        (done,) = db.execute("PRAGMA user_version").fetchone()
        if done > len(_MIGRATIONS):
            raise RememberingError(
                "the store of descriptions was made by a newer Altaloud", advice="Update this Altaloud."
            )
        for migration in _MIGRATIONS[done:]:
            db.execute(migration)
        if done < len(_MIGRATIONS):  # it writes, even if nothing changes
            db.execute(f"PRAGMA user_version = {len(_MIGRATIONS)}")


def _switch_to_wal(db: sqlite3.Connection) -> None:
    """Let readers and a writer work at once. SQLite does not wait for this lock by itself."""
    deadline = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _is_empty(db: sqlite3.Connection) -> bool:
    (rows,) = db.execute("SELECT (SELECT count(*) FROM seen) + (SELECT count(*) FROM correction)").fetchone()
    return bool(rows == 0)


def _opens_any(db: sqlite3.Connection, seal: Seal) -> bool:
    seen = db.execute("SELECT id, model, made_at, sealed FROM seen")
    if any(_opens(seal, sealed, about_seen(name, model, made_at)) for name, model, made_at, sealed in seen):
        return True
    corrections = db.execute("SELECT id, sealed FROM correction")
    return any(_opens(seal, sealed, about_correction(name)) for name, sealed in corrections)


def _opens(seal: Seal, sealed: bytes, about: bytes) -> bool:
    try:
        seal.open(sealed, about)
    except BrokenSealError:
        return False
    return True
