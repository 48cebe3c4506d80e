"""The example images, and what is told about each: what would be written, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from altaloud.describing.description import Description, DescriptionRequest
from altaloud.errors import ImageError
from altaloud.service.client import HelperClient
from altaloud.vision.kinds import Kind

_KINDS_SAID = (Kind.chart, Kind.table, Kind.screenshot, Kind.logo)

FOLDER = Path(__file__).parent / "examples"


@dataclass(frozen=True, slots=True)
class Example:
    """One image and how it stands on its page."""

    file: str
    what: str
    context: Mapping[str, object]  # fields of a `Context`


# As on the examples page. The last is the one that is spoken.
EXAMPLES = (
    Example("damaged.jpg", "a file that ends early", {"file_name": "damaged.jpg"}),
    Example("spacer.gif", "a spacer", {"file_name": "spacer.gif", "width": 10, "height": 1}),
    Example("icon.png", "a toolbar icon in a button", {"role": "button", "width": 32, "height": 32}),
    Example(
        "close.png",
        "a light icon in a dark button",
        {"role": "button", "width": 24, "height": 24, "background": "#1d2b36"},
    ),
    Example("logo.png", "a logo in a link", {"role": "link", "href": "https://library.example/"}),
    Example("chart.png", "a chart", {"caption": "More people come every month."}),
    Example("photograph.webp", "a photograph", {"file_name": "photograph.webp"}),
    Example("sale.png", "an image of text", {"page_title": "The Corner Library"}),
)


def show(example: Example, helper: HelperClient) -> Description | None:
    """Ask the helper about an image and print its answer; return it, or None if it cannot be looked at.

    Raises:
        AltaloudError: Something else is wrong than the image.
    """
    print(f"\n{example.file}, {example.what}", flush=True)
    try:
        request = DescriptionRequest.model_validate({"context": example.context})
        found = helper.describe((FOLDER / example.file).read_bytes(), request)
    except ImageError as error:
        print(f"  Writes: nothing\n  Why: {sentence(str(error))} {error.advice}", flush=True)
        return None
    print(f"  Writes: {found.alt or 'nothing'}\n  Why: {why(found)}")
    print(f"  Took: {found.milliseconds / 1000:.2f} seconds", flush=True)
    return found


def why(found: Description) -> str:
    """Return, in words, what a description rests on."""
    sure = f"{int(found.confidence * 100)} % sure"  # rounded down: 99.6 is not certainty
    if found.reason:
        return found.reason
    if found.caption:
        return f"The full model wrote it and is {sure}, so it is hedged."
    if found.icon:
        return f"The small model takes it for the icon {found.icon} and is {sure}."
    if found.kind in _KINDS_SAID:
        return f"The small model takes it for a {found.kind} and is {sure}; the rest was read in the image."
    if found.text:
        return f"This text was read in the image, {sure}."
    return f"It was found to be of the kind {found.kind}, {sure}."


def sentence(words: str) -> str:
    """Return words as a sentence of their own."""
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."
