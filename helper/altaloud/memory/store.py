"""Pictures already seen and the user's own words for them, in one SQLite file with every row sealed.

A row says what was seen in a picture: never the picture, never the address of the page it was on. What was
seen is a cache, and losing a row costs time. A correction is the user's work: when `correct` has returned,
the words survive a crash and a power cut, and no method but `forget` removes them.

Used from one thread. The command line and the helper may open the same file at the same time.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from altaloud.errors import NotFoundError
from altaloud.memory import database
from altaloud.memory.sealing import BrokenSealError, Seal

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_FOREVER = 2**62  # microseconds since 1970: later than any row


@dataclass(frozen=True, slots=True)
class Remembered:
    """What one model saw in one picture, and the user's own words for it if there are any."""

    id: str  # the picture's public name: 22 characters
    model: str  # name@revision
    seen: Mapping[str, object]  # JSON
    correction: str | None
    made_at: datetime  # UTC


class Store:
    """The file; or, with `path` None, memory that ends with the program."""

    def __init__(self, path: Path | None, seal: Seal) -> None:
        """Open the file, or begin it.

        Raises:
            StoreDamagedError: It is not a store, or was sealed with another key.
            RememberingError: It cannot be read or written, or another program keeps it locked.
        """
        self._path = path
        self._seal = seal
        self._dropped = 0
        self._db = database.connect(path)
        try:
            database.prove_key(self._db, seal)
        except BaseException:
            self._db.close()
            raise

    def identify(self, fingerprint: bytes) -> str:
        """Return the public name of a picture: `Description.id`."""
        return self._seal.identify(fingerprint)

    def find(self, fingerprint: bytes, model: str) -> Remembered | None:
        """Return what `model` saw in this picture, or None if it was never asked or the row was damaged."""
        row = self._row(self.identify(fingerprint), model)
        return None if row is None else self._opened(row)

    def save(self, fingerprint: bytes, model: str, seen: Mapping[str, object]) -> Remembered:
        """Keep what `model` saw in this picture, replacing what it saw before."""
        name = self.identify(fingerprint)
        made_at = (datetime.now(UTC) - _EPOCH) // _MICROSECOND
        words = json.dumps(seen, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        sealed = self._seal.seal(words.encode(), database.about_seen(name, model, made_at))
        with database.transaction(self._db) as db:
            db.execute("INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?)", (name, model, made_at, sealed))
        return Remembered(name, model, json.loads(words), self._correction(name), _moment(made_at))

    def correct(self, picture_id: str, alt: str) -> None:
        """Keep the user's own words for a picture, whatever model looks at it. On the disk when this returns.

        Raises:
            NotFoundError: No such picture is remembered.
        """
        made_at = (datetime.now(UTC) - _EPOCH) // _MICROSECOND
        sealed = self._seal.seal(alt.encode(), database.about_correction(picture_id))
        with database.transaction(self._db, survives_power_loss=True) as db:
            known = db.execute(
                "SELECT 1 FROM seen WHERE id = :id UNION ALL SELECT 1 FROM correction WHERE id = :id",
                {"id": picture_id},
            ).fetchone()
            if known is None:
                raise NotFoundError(
                    "there is no remembered picture of that id",
                    advice="Describe the picture again, outside a private window, and then correct it.",
                )
            db.execute("INSERT OR REPLACE INTO correction VALUES (?, ?, ?)", (picture_id, made_at, sealed))

    def correction(self, fingerprint: bytes) -> str | None:
        """Return the user's own words for this picture, or None."""
        return self._correction(self.identify(fingerprint))

    def newest(self) -> Iterator[Remembered]:
        """Yield everything that is kept, the newest first. Damaged rows are passed over."""
        with database.explained():
            keys = self._db.execute("SELECT id, model FROM seen ORDER BY made_at DESC").fetchall()
        for name, model in keys:  # one at a time, so that no lock is held while the caller works
            if (row := self._row(name, model)) is not None and (remembered := self._opened(row)) is not None:
                yield remembered

    def forget(self, before: datetime | None = None) -> int:
        """Remove everything, or what was made before a moment; nothing of it stays in the file.

        A picture's correction goes with the last of its rows.

        Returns:
            How many rows of what was seen there were.
        """
        moment = _FOREVER if before is None else (before.astimezone(UTC) - _EPOCH) // _MICROSECOND
        with database.transaction(self._db, survives_power_loss=True) as db:
            db.execute(
                "DELETE FROM correction"
                " WHERE id NOT IN (SELECT id FROM seen WHERE made_at >= :moment)"
                " AND (made_at < :moment OR id IN (SELECT id FROM seen WHERE made_at < :moment))",
                {"moment": moment},
            )
            gone = db.execute("DELETE FROM seen WHERE made_at < ?", (moment,)).rowcount
        database.compact(self._db)
        return gone

    def count(self) -> int:
        """Return how many rows of what was seen there are."""
        with database.explained():
            (rows,) = self._db.execute("SELECT count(*) FROM seen").fetchone()
        return int(rows)

    def damaged(self) -> int:
        """Return how many rows could not be opened: seen ones dropped since the start, corrections kept."""
        with database.explained():
            rows = self._db.execute("SELECT id, sealed FROM correction").fetchall()
        return self._dropped + sum(self._words(name, sealed) is None for name, sealed in rows)

    def bytes_on_disk(self) -> int:
        """Return the size of the file and of what SQLite keeps beside it."""
        if self._path is None:
            return 0
        return sum(file.stat().st_size for file in database.files(self._path) if file.exists())

    def close(self) -> None:
        """Release the file. The store cannot be used afterwards."""
        self._db.close()

    def _row(self, name: str, model: str) -> database.Row | None:
        with database.explained():
            row: database.Row | None = self._db.execute(
                "SELECT seen.id, seen.model, seen.made_at, seen.sealed, correction.sealed"
                " FROM seen LEFT JOIN correction USING (id) WHERE seen.id = ? AND seen.model = ?",
                (name, model),
            ).fetchone()
        return row

    def _opened(self, row: database.Row) -> Remembered | None:
        """Return what a row says. A damaged one is removed: the picture is simply looked at again."""
        name, model, made_at, sealed, correction = row
        try:
            seen = json.loads(self._seal.open(sealed, database.about_seen(name, model, made_at)))
        except BrokenSealError:
            self._dropped += 1
            with database.transaction(self._db) as db:
                # By its content too: meanwhile another program may have put a good row in its place.
                db.execute(
                    "DELETE FROM seen WHERE id = ? AND model = ? AND sealed = ?", (name, model, sealed)
                )
            return None
        words = None if correction is None else self._words(name, correction)
        return Remembered(name, model, seen, words, _moment(made_at))

    def _correction(self, name: str) -> str | None:
        with database.explained():
            row = self._db.execute("SELECT sealed FROM correction WHERE id = ?", (name,)).fetchone()
        return None if row is None else self._words(name, row[0])

    def _words(self, name: str, sealed: bytes) -> str | None:
        """Return a correction's words, or None if it is damaged: it is kept then, and `damaged` counts it."""
        try:
            return self._seal.open(sealed, database.about_correction(name)).decode()
        except BrokenSealError:
            return None


def erase(path: Path) -> None:
    """Remove a store without opening it: the way out when its key is lost or the file is damaged."""
    with database.explained():
        for file in database.files(path):
            file.unlink(missing_ok=True)


def _moment(made_at: int) -> datetime:
    return _EPOCH + made_at * _MICROSECOND
