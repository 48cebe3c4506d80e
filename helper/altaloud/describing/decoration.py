"""Whether a picture that looks like an ornament is one: the starter model alone never silences anything."""

from altaloud.describing.description import Context
from altaloud.describing.sight import Sight
from altaloud.vision.kinds import STARTER, Kind

# CSS pixels as laid out: a bullet, a corner; a rule, a border, a shadow.
_SMALL = 32.0
_STRIP = 6.0  # times as long as it is wide


def in_place(sight: Sight, context: Context) -> Sight:
    """Return `sight` as it holds where the picture stands: an ornament without a second voice is unknown."""
    if (
        sight.kind is not Kind.decorative
        or sight.evidence != STARTER
        or _is_laid_out_as_ornament(sight, context)
    ):
        return sight
    return sight.model_copy(update={"kind": Kind.unknown})


def _is_laid_out_as_ornament(sight: Sight, context: Context) -> bool:
    if context.role != "image" or context.caption or sight.text:
        return False
    if not context.width or not context.height:  # not known, or not laid out
        return False
    shorter, longer = sorted((context.width, context.height))
    return longer <= _SMALL or (shorter <= _SMALL and longer >= _STRIP * shorter)
