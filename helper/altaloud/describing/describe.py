"""The whole way of an image, from its bytes to the words for it.

Remembered? -> kind, icon -> text -> caption -> words: the design's section 4, in its order.
What is seen in a picture is kept and shared; the words are made anew for each place it stands in.
"""

import hashlib
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from altaloud.describing.asking import Asker
from altaloud.describing.decoration import in_place
from altaloud.describing.description import (
    Answered,
    Description,
    DescriptionRequest,
    Detail,
    Priority,
    QuestionRequest,
)
from altaloud.describing.languages import Languages
from altaloud.describing.remembering import Remembering
from altaloud.describing.routes import is_for_captioning, is_image_of_text
from altaloud.describing.sight import Sight
from altaloud.describing.titles import title_of
from altaloud.describing.turns import Turns
from altaloud.describing.wording import correction, say
from altaloud.errors import RememberingError
from altaloud.memory.store import Store
from altaloud.vision import first_look, reading
from altaloud.vision.blip.checkpoint import Checkpoints
from altaloud.vision.blip.pins import CAPTIONER, MATCHER
from altaloud.vision.engine import Engine
from altaloud.vision.kinds import Kind
from altaloud.vision.pictures import Picture, PictureReader
from altaloud.vision.reading import Reading
from altaloud.vision.urgency import Urgency

_BEST_OF_SEVERAL = "best-of-several"  # at the end of the model's name: it chose among captions

# So many looks are in the engine's hands: it puts the most wanted first, and a GPU takes many together.
_LOOKS_AT_ONCE, _FOCUSED_BESIDE = 32, 4
# What a page's images may take while they wait. Decoding pauses while its pictures wait to be looked at.
_MOST_ENCODED_BYTES, _MOST_DECODED_BYTES, _MOST_LOOKED_AT_BYTES = 256_000_000, 64_000_000, 32_000_000

# Digests of bytes decoded lately, so that the same bytes need not be decoded to be remembered.
_MOST_KNOWN = 4096


@dataclass(frozen=True, slots=True)
class _Seen:
    fingerprint: bytes
    sight: Sight
    is_remembered: bool


class Describer:
    """Describes images, one look per picture, the most wanted first. For one event loop."""

    def __init__(
        self,
        *,
        pictures: PictureReader,
        engine: Engine,
        checkpoints: Checkpoints,
        store: Store,
        memory_error: RememberingError | None,
        languages: Languages,
        language: str,
        max_waiting: int,
    ) -> None:
        self._pictures = pictures
        self._engine = engine
        self._checkpoints = checkpoints
        self._remembering = Remembering(store, not_lasting=memory_error)
        self._languages = languages
        self._language = language
        self._first_look = first_look.version()
        self._decoding = Turns[Picture](
            max_waiting=max_waiting,
            max_waiting_bytes=_MOST_ENCODED_BYTES,
            may_begin=lambda: self._looking.held_bytes < _MOST_DECODED_BYTES,
        )
        self._looking = Turns[Sight](
            max_waiting=max_waiting,
            at_once=_LOOKS_AT_ONCE,
            focused_beside=_FOCUSED_BESIDE,
            max_running_bytes=_MOST_LOOKED_AT_BYTES,
            when_freed=self._decoding.look_again,
        )
        self._asker = Asker(
            engine=engine,
            checkpoints=checkpoints,
            languages=languages,
            language=language,
            identify=self._remembering.identify,
            decode=self._decode,
        )
        self._known: OrderedDict[bytes, bytes] = OrderedDict()  # SHA-256 of the bytes -> fingerprint

    async def describe(self, data: bytes, request: DescriptionRequest) -> Description:
        """Return what to say of the image in `data`, standing where `request` says.

        Raises:
            ImageError: The bytes cannot be described.
            ChildError: A process failed; the next request gets a new one.
            TooManyRequestsError: Too many wait already.
        """
        began = time.perf_counter()
        seen = await self._seen(data, request)
        language = self._languages.choose(request.language, self._language)
        sight = in_place(seen.sight, request.context)
        own_words = self._remembering.correction(seen.fingerprint)
        words = (
            correction(own_words, language)
            if own_words
            else say(
                sight,
                request.context,
                language,
                detail=request.detail,
                model_megabytes=self._missing_megabytes(),
                hedges=request.hedges,
            )
        )
        return Description(
            id=self._remembering.identify(seen.fingerprint),
            kind=sight.kind,
            alt=words.alt,
            reason=words.reason,
            text=sight.text,
            caption=sight.caption,
            icon=sight.icon,
            confidence=round(words.confidence, 4),
            hedged=words.hedged,
            model=sight.model,
            language=words.language,
            cached=seen.is_remembered,
            milliseconds=round((time.perf_counter() - began) * 1000, 1),
        )

    async def _seen(self, data: bytes, request: DescriptionRequest) -> _Seen:
        priority, keep = Priority[request.priority], not request.private
        model = self._model(request.detail)
        background = _colour(request.context.background)
        digest = _digest(data, background)
        known = self._known.get(digest)
        if known is not None and (sight := self._remembered(known, model)):
            return _Seen(known, sight, is_remembered=True)
        picture = await self._decode(data, priority, background)
        if keep:
            self._know(digest, picture.fingerprint)
        if sight := self._remembered(picture.fingerprint, model):
            return _Seen(picture.fingerprint, sight, is_remembered=True)
        sight = await self._looking.run(
            (picture.fingerprint, model),
            priority,
            lambda urgency: self._look(picture, urgency, model, keep=keep),
            nbytes=len(picture.pixels),
        )
        if keep and not self._remembering.sight(picture.fingerprint, model):
            # It was a private page's look that we shared.
            self._remembering.keep(picture.fingerprint, sight)
        return _Seen(picture.fingerprint, sight, is_remembered=False)

    def _remembered(self, fingerprint: bytes, model: str) -> Sight | None:
        sight = self._remembering.sight(fingerprint, model)
        if sight is None and model.endswith(_BEST_OF_SEVERAL):
            other = self._remembering.sight(fingerprint, model.removesuffix(f" {_BEST_OF_SEVERAL}"))
            return other if other and other.caption is None else None  # else there is something to choose
        return sight

    async def _decode(
        self, data: bytes, priority: Priority, background: tuple[int, int, int] | None = None
    ) -> Picture:
        return await self._decoding.run(
            _digest(data, background),
            priority,
            lambda _: self._pictures.read(data, background=background),
            nbytes=len(data),
        )

    async def _look(self, picture: Picture, urgency: Urgency, model: str, *, keep: bool) -> Sight:
        is_at_hand = keep and urgency.value == Priority.focused and self._asker.is_able
        name = self._remembering.identify(picture.fingerprint) if is_at_hand else None
        guess = await self._engine.kind(picture, urgency, keep=name)
        text = await self._engine.read(picture, urgency) if guess.has_text else Reading()
        kind = Kind.text if is_image_of_text(guess, text) else guess.kind
        caption = (
            await self._engine.caption(
                picture, urgency, keep=name, best_of_several=model.endswith(_BEST_OF_SEVERAL)
            )
            if is_for_captioning(kind, guess.evidence, text, picture) and self._has_captioner()
            else None
        )
        sight = Sight(
            kind=kind,
            confidence=guess.confidence,
            evidence=guess.evidence,
            icon=guess.icon,
            chart=guess.chart,
            title=title_of(kind, text),
            text=text.text or None,
            text_confidence=text.confidence,
            caption=(caption.caption.text or None) if caption else None,
            caption_confidence=caption.confidence if caption else 0.0,
            model=model,
        )
        # Kept within the turn: whoever asks next must find it, or they would look again.
        if keep:
            self._remembering.keep(picture.fingerprint, sight)
        return sight

    async def ask(self, data: bytes | None, request: QuestionRequest) -> Answered:
        """Answer a question about an image. Raises as `Asker.ask`."""
        return await self._asker.ask(data, request)

    def correct(self, description_id: str, alt: str) -> str:
        """Use the user's own words for that picture from now on; return them as they are kept.

        Raises:
            RequestError: They say nothing.
            NotFoundError: No description of that id is kept.
            RememberingError: They would not last.
        """
        return self._remembering.correct(description_id, alt)

    def status(self) -> dict[str, Any]:
        """Return what is loaded, what waits and what is remembered, for people and programs."""
        return {
            "models": [
                {"name": entry.name, "installed": entry.is_installed, "bytes": entry.disk_bytes}
                for entry in self._checkpoints.list()
            ],
            "engine": self._engine.state(),
            "queue": {
                "decoding": self._decoding.waiting,
                "looking": self._looking.waiting,
                "asking": self._asker.waiting,
            },
            "memory": self._remembering.status(),
            "languages": self._languages.codes(),
        }

    async def close(self) -> None:
        """End what runs and the child processes. The store stays its owner's."""
        await self._decoding.close()
        await self._looking.close()
        await self._asker.close()
        await self._pictures.close()
        await self._engine.close()

    def _model(self, detail: Detail) -> str:
        parts = [self._first_look, reading.MODEL]
        if self._has_captioner():
            parts.append(self._checkpoints.version(CAPTIONER))
            if self._checkpoints.is_installed(MATCHER):
                parts.append(self._checkpoints.version(MATCHER))
                parts += [_BEST_OF_SEVERAL] if detail == "long" else []
        return " ".join(parts)

    def _has_captioner(self) -> bool:
        return self._checkpoints.is_installed(CAPTIONER)

    def _missing_megabytes(self) -> int | None:
        return None if self._has_captioner() else self._checkpoints.size(CAPTIONER) // 1_000_000

    def _know(self, digest: bytes, fingerprint: bytes) -> None:
        self._known[digest] = fingerprint
        if len(self._known) > _MOST_KNOWN:
            self._known.popitem(last=False)


def _colour(background: str | None) -> tuple[int, int, int] | None:
    """Return the red, green and blue of "#rrggbb"."""
    if background is None:
        return None
    red, green, blue = bytes.fromhex(background[1:])
    return red, green, blue


def _digest(data: bytes, background: tuple[int, int, int] | None) -> bytes:
    hashed = hashlib.sha256(bytes(background or ()))
    hashed.update(data)
    return hashed.digest()
