"""The store as describing uses it: one that fails costs time, and never a description."""

from typing import Any

from pydantic import ValidationError

from altaloud.describing.sight import Sight
from altaloud.errors import RememberingError, RequestError
from altaloud.memory.store import Store
from altaloud.plain_text import plain


class Remembering:
    """What was seen before, and the user's own words."""

    def __init__(self, store: Store, *, not_lasting: RememberingError | None) -> None:
        """Use `store`; `not_lasting` is why what it keeps ends with the program, if it does."""
        self._store = store
        self._not_lasting = not_lasting and type(not_lasting)(
            str(not_lasting), advice=f"{not_lasting.advice} Then restart the helper."
        )
        self._failure: RememberingError | None = None

    def identify(self, fingerprint: bytes) -> str:
        """Return the public name of a picture: `Description.id`."""
        return self._store.identify(fingerprint)

    def sight(self, fingerprint: bytes, model: str) -> Sight | None:
        """Return what `model` saw in that picture, or None if it must be looked at."""
        try:
            found = self._store.find(fingerprint, model)
            self._failure = None
        except RememberingError as error:
            self._failure = error
            return None
        try:
            return Sight.model_validate(found.seen) if found else None
        except ValidationError:  # kept by another version of ours: it is looked at anew, and replaced
            return None

    def keep(self, fingerprint: bytes, sight: Sight) -> None:
        """Keep what was seen, if the store can."""
        try:
            self._store.save(fingerprint, sight.model, sight.model_dump(mode="json"))
        except RememberingError as error:
            self._failure = error

    def correction(self, fingerprint: bytes) -> str | None:
        """Return the user's own words for that picture, or None."""
        try:
            return self._store.correction(fingerprint)
        except RememberingError as error:
            self._failure = error
            return None

    def correct(self, description_id: str, alt: str) -> str:
        """Keep the user's own words for good; return them as they are kept.

        Raises:
            RequestError: They say nothing.
            NotFoundError: No description of that id is kept.
            RememberingError: They would be lost when the program ends, or cannot be written.
        """
        words = plain(alt)
        if not words:
            raise RequestError("the new words are empty", advice="Send the words that the image shall have.")
        if self._not_lasting is not None:
            raise self._not_lasting
        self._store.correct(description_id, words)
        return words

    def status(self) -> dict[str, Any]:
        """Return how much is kept, and what is wrong."""
        try:
            kept = {"descriptions": self._store.count(), "bytes": self._store.bytes_on_disk()}
            damaged = self._store.damaged()
        except RememberingError as error:
            self._failure = error
            kept, damaged = {"descriptions": 0, "bytes": 0}, 0
        problem = self._not_lasting or self._failure
        return {
            **kept,
            "damaged": damaged,
            "is_lasting": self._not_lasting is None,
            "problem": problem.fields() if problem else None,
        }
