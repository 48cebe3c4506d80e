"""From what was seen to one line of words, for the place where the image stands.

A hedge follows from a measurement: none for text that was read, "Appears to be" and
"Possibly" for a caption, and below that nothing is claimed.
"""

import re
from dataclasses import dataclass, replace

from altaloud.describing.description import Context, Detail
from altaloud.describing.destination import destination
from altaloud.describing.languages import Language
from altaloud.describing.people import without_guesses
from altaloud.describing.sight import Sight
from altaloud.vision.kinds import Kind
from altaloud.vision.reading import UNREAD_LANGUAGES

MOST_CHARACTERS = 125  # of a short alternative text; screen readers read a longer one in pieces
_MOST_LONG_CHARACTERS = 2000

# Of a caption's confidence, the geometric mean of its tokens' probabilities. Set with care on the
# low side and not yet calibrated: that needs the published weights and judged captions.
_LIKELY = 0.55
_POSSIBLE = 0.30
_SURELY_READ = 0.85  # of a text's confidence; less is hedged

_CAPTION_LANGUAGE = "en"  # BLIP's, whatever was asked for


@dataclass(frozen=True, slots=True)
class Words:
    """What to write, or why nothing."""

    alt: str | None
    reason: str | None
    confidence: float
    language: str  # BCP 47
    hedged: bool = False


def say(
    sight: Sight, context: Context, language: Language, *, detail: Detail, model_megabytes: int | None
) -> Words:
    """Return the words for `sight` where it stands.

    Args:
        sight: What was seen.
        context: Where the image stands.
        language: Of the words.
        detail: "short" is one line of at most MOST_CHARACTERS.
        model_megabytes: Size of the full model's download where it is missing, else None.
    """
    picture = _picture(sight, context, language, detail, model_megabytes)
    goal = destination(context, language)
    if goal is None or context.role == "image":
        alt = picture.alt
    elif picture.alt is None or _holds(goal, picture.alt):
        alt = goal
    elif _holds(picture.alt, goal):
        alt = picture.alt
    else:
        alt = language.say("destination_and_picture", destination=goal, picture=picture.alt)
    most = MOST_CHARACTERS if detail == "short" else _MOST_LONG_CHARACTERS
    return replace(picture, alt=_cut(alt, most) if alt else None)


def correction(words: str, language: Language) -> Words:
    """Return the user's own words as they stand."""
    return Words(words, None, 1.0, language.code)


def _picture(
    sight: Sight, context: Context, language: Language, detail: Detail, model_megabytes: int | None
) -> Words:
    text = " ".join(sight.text.split()) if sight.text else None
    if sight.kind in (Kind.blank, Kind.decorative):
        return _silence(f"reason_{sight.kind}", sight.confidence, language)
    unsaid = _why_unsaid(text, context) if text else None
    if sight.kind is Kind.photo:
        return _photo(sight, None if unsaid else text, language, detail, model_megabytes)
    if unsaid:
        return _silence(unsaid, sight.text_confidence, language)
    if text:
        return _text(sight, text, language)
    return _silence("reason_unknown", sight.confidence, language)


def _silence(reason: str, confidence: float, language: Language) -> Words:
    return Words(None, language.say(reason), confidence, language.code)


def _text(sight: Sight, text: str, language: Language) -> Words:
    alt = text if sight.kind is Kind.text else language.say("image_with_text", text=text)
    is_doubtful = sight.text_confidence < _SURELY_READ
    if is_doubtful:
        alt = language.say("possible_text", text=text)
    return Words(alt, None, sight.text_confidence, language.code, hedged=is_doubtful)


def _photo(
    sight: Sight, text: str | None, language: Language, detail: Detail, model_megabytes: int | None
) -> Words:
    if sight.caption is not None and sight.caption_confidence >= _POSSIBLE:
        hedge = "likely_caption" if sight.caption_confidence >= _LIKELY else "possible_caption"
        alt = language.say(hedge, caption=without_guesses(sight.caption))
        if text and detail == "long":
            alt = language.say("caption_with_text", caption=alt, text=text)
        return Words(alt, None, sight.caption_confidence, _CAPTION_LANGUAGE, hedged=True)
    alt = language.say("photo_with_text", text=text) if text else language.say("photo")
    if sight.caption is not None:
        reason = language.say("reason_unsure")
    elif model_megabytes is not None:
        reason = language.say("reason_model_missing", megabytes=model_megabytes)
    else:
        reason = None
    return Words(alt, reason, sight.text_confidence if text else sight.confidence, language.code)


def _why_unsaid(text: str, context: Context) -> str | None:
    """Return the reason for not saying a text that was read, or None if there is none."""
    if (context.page_language or "").split("-")[0].lower() in UNREAD_LANGUAGES:
        return "reason_unread_language"
    beside = (context.link_text, context.title, context.caption, context.nearby)
    return "reason_said_beside" if any(_holds(words, text) for words in beside if words) else None


def _holds(whole: str, part: str) -> bool:
    bare = f" {_bare(part)} "
    return bare.strip() != "" and bare in f" {_bare(whole)} "


def _bare(words: str) -> str:
    return " ".join(re.findall(r"\w+", words.casefold()))


def _cut(words: str, most: int) -> str:
    if len(words) <= most:
        return words
    kept = words[: most - 1]
    space = kept.rfind(" ")
    # Scripts without spaces have them anywhere or nowhere.
    return kept[: space if space > most // 2 else None].rstrip(" ,;:.") + "…"
