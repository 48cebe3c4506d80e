"""The words of the product: what is asked, in which surroundings, and what is answered."""

from enum import IntEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from altaloud.vision.kinds import Kind

Detail = Literal["short", "long"]


class Priority(IntEnum):
    """Whose turn comes first: the smallest."""

    focused = 0
    visible = 1
    background = 2


class Context(BaseModel):
    """Where an image stands on its page: what its surroundings say already, and what it is there for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Literal["image", "link", "button"] = "image"
    href: str | None = Field(None, max_length=8192)  # without the site where it is the page's own
    link_text: str | None = Field(None, max_length=2000)
    title: str | None = Field(None, max_length=2000)
    caption: str | None = Field(None, max_length=4000)  # of the figure
    nearby: str | None = Field(None, max_length=8000)  # text beside the image
    page_title: str | None = Field(None, max_length=2000)
    page_language: str | None = Field(None, max_length=64)  # BCP 47, as the page says it
    file_name: str | None = Field(None, max_length=2000)
    width: float | None = Field(None, ge=0)  # CSS pixels, as laid out
    height: float | None = Field(None, ge=0)
    # What transparent parts of the image are seen on; None: not known.
    background: str | None = Field(None, pattern=r"^#[0-9a-fA-F]{6}$")


class Description(BaseModel):
    """What is said of one image. `alt` is what to write, or None, and then `reason` says why."""

    model_config = ConfigDict(frozen=True)

    id: str  # names this picture for corrections and questions
    kind: Kind
    alt: str | None
    reason: str | None
    text: str | None  # read in the image, in reading order, lines separated by newlines
    caption: str | None  # what the model wrote, bare
    icon: str | None  # the icon's name
    confidence: float  # 0 to 1: how sure the words of `alt` are, or the kind where there are none
    hedged: bool  # `alt` says itself that it is not sure
    model: str  # names and revisions of all that looked
    language: str  # BCP 47, of `alt` and `reason`
    cached: bool
    milliseconds: float


class DescriptionRequest(BaseModel):
    """The `request` part of `POST /v1/descriptions`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    context: Context = Context()
    priority: Literal["focused", "visible", "background"] = "visible"
    detail: Detail = "short"
    hedges: bool = True  # whether likely words say that they are likely; what is merely possible always does
    language: str | None = Field(None, max_length=64)  # BCP 47; None: the user's own
    private: bool = False  # nothing of this is kept
    speak: bool = False


class QuestionRequest(BaseModel):
    """What is asked with `POST /v1/questions`, beside the image."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str = Field(max_length=500)
    # In place of an image: one that was described on request or asked about lately, and is still at hand.
    description_id: str | None = Field(None, max_length=64)
    language: str | None = Field(None, max_length=64)  # BCP 47; None: the user's own
    private: bool = False  # nothing of this is kept
    speak: bool = False


class Answered(BaseModel):
    """What is answered."""

    model_config = ConfigDict(frozen=True)

    answer: str  # as it is to be said, the hedge included
    confidence: float  # 0 to 1: the probability of the model's answer; 0 where it was not asked
    hedged: bool  # `answer` says itself that it is not sure
    language: str  # BCP 47, of `answer`
    model: str  # name and revision
    description_id: str  # for further questions without the image, as long as that is at hand
    milliseconds: float
