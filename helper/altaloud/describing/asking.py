"""Questions about a picture: answered, hedged, or not answered, and never about who people are."""

import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from altaloud.describing.description import Answered, Priority, QuestionRequest
from altaloud.describing.languages import Language, Languages
from altaloud.describing.people import asks_for_a_guess, is_a_guess, without_guesses
from altaloud.describing.turns import Turns
from altaloud.errors import ModelMissingError, RequestError
from altaloud.plain_text import plain
from altaloud.vision.blip.checkpoint import Checkpoints
from altaloud.vision.blip.pins import ANSWERER
from altaloud.vision.blip.runtime import Answer
from altaloud.vision.engine import Engine
from altaloud.vision.pictures import Picture

# Of the answer's probability. Set with care on the high side and not yet calibrated: that needs the
# published weights and judged answers.
_LIKELY = 0.7
_POSSIBLE = 0.3

_AT_ONCE, _MOST_WAITING = 4, 16  # each holds its picture decoded, up to 40 MB
_ENGLISH = "en"  # the model understands and speaks nothing else
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class _Said:
    words: str
    language: str  # BCP 47
    confidence: float = 0.0
    hedged: bool = False


class Asker:
    """Answers questions. For one event loop.

    Args:
        engine: Which has the model.
        checkpoints: Say whether it is there.
        languages: Of the words around an answer.
        language: The user's own.
        identify: From a picture's fingerprint to its public name.
        decode: From an image's bytes to a picture.
    """

    def __init__(
        self,
        *,
        engine: Engine,
        checkpoints: Checkpoints,
        languages: Languages,
        language: str,
        identify: Callable[[bytes], str],
        decode: Callable[[bytes, Priority], Awaitable[Picture]],
    ) -> None:
        self._engine = engine
        self._checkpoints = checkpoints
        self._languages = languages
        self._language = language
        self._identify = identify
        self._decode = decode
        self._turns = Turns[Answer](max_waiting=_MOST_WAITING, at_once=_AT_ONCE)

    @property
    def is_able(self) -> bool:
        """Whether the model that answers is on this computer."""
        return self._checkpoints.is_installed(ANSWERER)

    @property
    def waiting(self) -> int:
        """How many questions wait for their turn."""
        return self._turns.waiting

    async def ask(self, data: bytes | None, request: QuestionRequest) -> Answered:
        """Answer a question about the image in `data`, or about one that was described or asked about before.

        Raises:
            RequestError: There is no question, or no image.
            ImageNeededError: That image is no longer at hand.
            ModelMissingError: The model that answers is not on this computer.
            ImageError: The bytes cannot be read.
            ChildError: A process failed; the next question gets a new one.
            TooManyRequestsError: Too many wait already.
        """
        began = time.perf_counter()
        question = plain(request.question)
        if not question:
            raise RequestError("the question is empty", advice="Ask something about the image.")
        self._require_model()
        language = self._languages.choose(request.language, self._language)
        name, picture = await self._subject(data, request)
        said = _unasked(question, language)
        model = self._checkpoints.version(ANSWERER)
        if said is None:
            answer = await self._turns.run(
                (name, question, picture is None),
                Priority.focused,
                lambda urgency: self._engine.answer(
                    question, picture, urgency, keep=None if request.private else name
                ),
                nbytes=len(picture.pixels) if picture else 0,
            )
            said = _in_words(question, answer, language, self._languages.choose(_ENGLISH))
        return Answered(
            answer=said.words,
            confidence=round(said.confidence, 4),
            hedged=said.hedged,
            language=said.language,
            model=model,
            description_id=name,
            milliseconds=round((time.perf_counter() - began) * 1000, 1),
        )

    async def close(self) -> None:
        """End what runs."""
        await self._turns.close()

    async def _subject(self, data: bytes | None, request: QuestionRequest) -> tuple[str, Picture | None]:
        """Return the public name of the picture asked about, and the picture if it came with the question."""
        if data is not None:
            picture = await self._decode(data, Priority.focused)
            return self._identify(picture.fingerprint), picture
        if request.description_id is None:
            raise RequestError("there is neither an image nor a description_id")
        return request.description_id, None

    def _require_model(self) -> None:
        if not self.is_able:
            megabytes = self._checkpoints.size(ANSWERER) // 1_000_000
            raise ModelMissingError(
                "the model that answers questions is not installed",
                advice=f"Run `altaloud models download {ANSWERER}`; the download is {megabytes} megabytes.",
            )


def _unasked(question: str, language: Language) -> _Said | None:
    """Return why a question is not put to the model, or None."""
    if asks_for_a_guess(question):
        return _Said(language.say("answer_about_people"), language.code)
    first = question.split(maxsplit=1)[0].strip("¿?,.!").casefold()
    if language.code != _ENGLISH and first in language.say("question_words").split():
        return _Said(language.say("answer_english_only"), language.code)
    return None


def _in_words(question: str, answer: Answer, language: Language, english: Language) -> _Said:
    words = plain(answer.text)
    if is_a_guess(question, words):
        return _Said(language.say("answer_about_people"), language.code)
    if not words or answer.probability < _POSSIBLE:
        return _Said(language.say("answer_unknown"), language.code, answer.probability)
    hedge = "likely_answer" if answer.probability >= _LIKELY else "possible_answer"
    if words in ("yes", "no") or _NUMBER.fullmatch(words):
        told = words if _NUMBER.fullmatch(words) else language.say(f"answer_{words}")
        return _Said(language.say(hedge, answer=told), language.code, answer.probability, hedged=True)
    # A voice for one language cannot say words of two: the words around the model's are English, too.
    told = english.say(hedge, answer=without_guesses(words))
    return _Said(told, _ENGLISH, answer.probability, hedged=True)
