"""What was seen in a picture, whoever asks and wherever it stands: this is what is remembered."""

from pydantic import BaseModel, ConfigDict

from altaloud.vision.kinds import Kind


class Sight(BaseModel):
    """The findings of one look. The words for a page are made from it anew each time."""

    model_config = ConfigDict(frozen=True)

    kind: Kind
    confidence: float  # 0 to 1: of the icon's name if there is one, else of the kind
    evidence: str  # what decided the kind: the code of a measurement, or "starter" for the model
    icon: str | None = None  # the label of the icon
    chart: str | None = None  # of a chart, its type: "bar chart" ...
    title: str | None = None  # of a chart, table or screenshot, as it was read
    text: str | None = None  # in reading order, lines separated by newlines
    text_confidence: float = 0.0
    caption: str | None = None  # what the model wrote, bare
    caption_confidence: float = 0.0
    model: str  # names and revisions of all that looked
