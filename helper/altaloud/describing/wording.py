"""From what was seen to one line of words, for the place where the image stands.

A hedge follows from a measurement: none for text that was read, "Appears to be" and "Possibly" for a
caption, "Possibly" for a name or a kind that the starter model is not quite sure of, and below that nothing
is claimed.
"""

from dataclasses import replace

from altaloud.describing.description import Context, Detail
from altaloud.describing.destination import address_words, authors_words
from altaloud.describing.icons import icon_words
from altaloud.describing.languages import Language
from altaloud.describing.people import without_guesses
from altaloud.describing.sight import Sight
from altaloud.describing.words import Words, cut, holds, silence
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


# Of a kind's confidence: said without a hedge, said with one, and below that not said at all. Of real
# pictures, which these thresholds were chosen on, from 0.8 on 159 of 159 were charts, 14 of 14 logos, 22 of
# 22 screenshots and 7 of 8 tables; between 0.8 and the second, 80 of 93 were what was said.
_SURE_OF_KIND = 0.8
_POSSIBLE_KIND = {Kind.chart: 0.5, Kind.logo: 0.6, Kind.screenshot: 0.6, Kind.table: 0.6}
_WRITTEN = (Kind.table, Kind.screenshot)  # never without any text
_LONGEST_NAME = 60  # characters of a logo's name; more is something else

# Why nothing is said of what was seen, where no text was read in it.
_WHY_NOTHING = {Kind.icon: "reason_icon_unknown", Kind.text: "reason_text_unread"}


def say(
    sight: Sight,
    context: Context,
    language: Language,
    *,
    detail: Detail,
    model_megabytes: int | None,
    hedges: bool = True,
) -> Words:
    """Return the words for `sight` where it stands.

    Args:
        sight: What was seen.
        context: Where the image stands.
        language: Of the words.
        detail: "short" is one line of at most MOST_CHARACTERS.
        model_megabytes: Size of the full model's download where it is missing, else None.
        hedges: Whether likely words say that they are likely; what is merely possible always says so.
    """
    picture = _picture(sight, context, language, detail, model_megabytes)
    if not hedges:
        picture = _without_hedge(picture, language)
    if context.role != "image":
        picture = _of_control(sight, picture, context, language)
    most = MOST_CHARACTERS if detail == "short" else _MOST_LONG_CHARACTERS
    return replace(picture, alt=cut(picture.alt, most) if picture.alt else None)


def correction(words: str, language: Language) -> Words:
    """Return the user's own words as they stand."""
    return Words(words, None, 1.0, language.code)


def _without_hedge(words: Words, language: Language) -> Words:
    """Leave "Appears to be" out. A mere possibility keeps its word: a guess must not pass for a fact."""
    hedge = language.say("likely_caption", caption="")
    if not words.hedged or not words.alt or not words.alt.startswith(hedge):
        return words
    bare = words.alt.removeprefix(hedge)
    return replace(words, alt=bare[:1].upper() + bare[1:], hedged=False)


def _of_control(sight: Sight, picture: Words, context: Context, language: Language) -> Words:
    """Return the words of a link or button: what it is for, and then what the picture adds."""
    by_page = authors_words(context)
    goal = by_page or address_words(context, language)
    if goal is None:
        return picture
    is_enough = sight.icon is not None and (by_page is not None or _is_contact(context))
    if picture.alt is None or is_enough or holds(goal, picture.alt):
        return replace(picture, alt=goal, hedged=False)
    if holds(picture.alt, goal):
        return picture
    first, then = goal, picture.alt
    if sight.icon is not None and not picture.hedged:  # an action is surer than the words of an address
        first, then = then, first
    key = "destination_then_picture" if ":" in then else "destination_and_picture"
    return replace(picture, alt=language.say(key, destination=first, picture=then))


def _is_contact(context: Context) -> bool:
    return (context.href or "").lower().startswith(("mailto:", "tel:"))


def _picture(
    sight: Sight, context: Context, language: Language, detail: Detail, model_megabytes: int | None
) -> Words:
    if sight.kind in (Kind.blank, Kind.decorative):
        return silence(f"reason_{sight.kind}", sight.confidence, language)
    if sight.icon is not None:
        return icon_words(sight.icon, sight.confidence, context, language)
    text = " ".join(sight.text.split()) if sight.text else None
    unsaid = _why_unsaid(text, context) if text else None
    if sight.kind is Kind.photo:
        return _photo(sight, None if unsaid else text, language, detail, model_megabytes)
    if sight.confidence >= _POSSIBLE_KIND.get(sight.kind, 2) and (text or sight.kind not in _WRITTEN):
        return _kind(sight, context, language, detail)
    if text and not unsaid:
        return _text(sight, text, context, language)
    return _caption(sight, None, language, detail) or _nothing(sight, unsaid, language)


def _nothing(sight: Sight, unsaid: str | None, language: Language) -> Words:
    """Return the reason for saying nothing."""
    usual = "reason_unknown" if sight.caption is None else "reason_unsure"
    why = unsaid or _WHY_NOTHING.get(sight.kind, usual)
    return silence(why, sight.text_confidence if unsaid else sight.confidence, language)


def _kind(sight: Sight, context: Context, language: Language, detail: Detail) -> Words:
    """Return the words for a chart, table, screenshot or logo: what it is, and its title as it was read."""
    # "Diagram" is what the model also says of charts that it does not know.
    name = (sight.kind if sight.chart in (None, "diagram") else sight.chart).replace(" ", "_")
    is_sure = sight.confidence >= _SURE_OF_KIND
    alt = (
        language.say(f"kind_{name}")
        if is_sure
        else language.say("possible_kind", kind=language.say(f"a_{name}"))
    )
    confidence = sight.confidence
    title = _title(sight, context)
    if title:
        alt = language.say("kind_with_title", kind=alt, title=title)
        confidence = min(confidence, sight.text_confidence)
    text = " ".join((sight.text or "").split()).removeprefix(title or "").strip()
    if detail == "long" and text and not _why_unsaid(text, context):
        alt = language.say("kind_with_text", words=alt, text=text)
    return Words(alt, None, confidence, language.code, hedged=not is_sure)


def _title(sight: Sight, context: Context) -> str | None:
    """Return the title, or a logo's name, if it was surely read and nothing beside the image says it."""
    read = " ".join((sight.text or "").split()) if sight.kind is Kind.logo else sight.title
    if not read or sight.text_confidence < _SURELY_READ or _why_unsaid(read, context):
        return None
    return None if sight.kind is Kind.logo and len(read) > _LONGEST_NAME else read


def _text(sight: Sight, text: str, context: Context, language: Language) -> Words:
    is_all = sight.kind is Kind.text or context.role != "image"  # the letters on a control are its name
    alt = text if is_all else language.say("image_with_text", text=text)
    is_doubtful = sight.text_confidence < _SURELY_READ
    if is_doubtful:
        alt = language.say("possible_text", text=text)
    return Words(alt, None, sight.text_confidence, language.code, hedged=is_doubtful)


def _photo(
    sight: Sight, text: str | None, language: Language, detail: Detail, model_megabytes: int | None
) -> Words:
    if caption := _caption(sight, text, language, detail):
        return caption
    alt = language.say("photo_with_text", text=text) if text else language.say("photo")
    if sight.caption is not None:
        reason = language.say("reason_unsure")
    elif model_megabytes is not None:
        reason = language.say("reason_model_missing", megabytes=model_megabytes)
    else:
        reason = None
    return Words(alt, reason, sight.text_confidence if text else sight.confidence, language.code)


def _caption(sight: Sight, text: str | None, language: Language, detail: Detail) -> Words | None:
    """Return the caption with its hedge, or None where it is too uncertain."""
    if sight.caption is None or sight.caption_confidence < _POSSIBLE:
        return None
    # The captioner's confidence holds for photographs; of what may not be one, nothing is likely.
    is_likely = sight.kind is Kind.photo and sight.caption_confidence >= _LIKELY
    hedge = "likely_caption" if is_likely else "possible_caption"
    alt = language.say(hedge, caption=without_guesses(sight.caption))
    if text and detail == "long":
        alt = language.say("caption_with_text", caption=alt, text=text)
    return Words(alt, None, sight.caption_confidence, _CAPTION_LANGUAGE, hedged=True)


def _why_unsaid(text: str, context: Context) -> str | None:
    """Return the reason for not saying a text that was read, or None if there is none."""
    if (context.page_language or "").split("-")[0].lower() in UNREAD_LANGUAGES:
        return "reason_unread_language"
    beside = (context.link_text, context.title, context.caption, context.nearby)
    return "reason_said_beside" if any(holds(words, text) for words in beside if words) else None
