"""What is said of an icon: of a control what it does, of a mere picture what its sign means."""

from altaloud.describing.description import Context
from altaloud.describing.languages import Language
from altaloud.describing.words import Words, holds, silence

# Of a name's calibrated confidence: as often it is right. The model names from its own threshold, where 97 of
# 100 names are right in all; from there up to this, the name is said with a hedge.
_SURE = 0.92
# What somebody may lose or send by pressing: the bare word must be surer.
_SURE_OF_GRAVE = 0.96
_GRAVE = frozenset(
    {
        "delete",
        "close",
        "remove",
        "remove user",
        "clear filter",
        "cut",
        "send",
        "forward message",
        "reply all",
        "share",
        "upload",
        "cloud upload",
        "log out",
        "hang up",
        "phone",
        "video camera",
        "record",
        "microphone",
        "blocked",
        "power",
        "credit card",
        "wallet",
        "money",
        "dollar",
        "euro",
        "pound sterling",
        "unlink",
    }
)
_NEAR = 60  # characters: of a longer text beside, a word of it need not be about the icon


def icon_words(label: str, confidence: float, context: Context, language: Language) -> Words:
    """Return the words for a named icon where it stands."""
    action, meaning = language.icons[label]
    is_sure = confidence >= (_SURE_OF_GRAVE if label in _GRAVE else _SURE)
    if context.role != "image":
        alt = action if is_sure else language.say("possible_icon", words=action)
    elif is_said_beside((action, meaning), context):
        return silence("reason_icon_beside", confidence, language)
    else:
        alt = language.say("icon" if is_sure else "icon_possible", words=meaning)
    return Words(alt, None, confidence, language.code, hedged=not is_sure)


def is_said_beside(names: tuple[str, ...], context: Context) -> bool:
    """Return whether a short text beside the icon says the same."""
    beside = (context.link_text, context.title, context.caption, context.nearby)
    return any(
        words is not None and len(words) <= _NEAR and holds(words, name) for words in beside for name in names
    )
