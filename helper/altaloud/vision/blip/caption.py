"""What a captioner says about a picture. Plain values, so that they cross a pipe."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caption:
    """One sentence in English, lower case, without a full stop."""

    text: str  # without the prompt, which the caller knows
    # Of the tokens the model chose, the end marker included and the prompt not, in nats: 0 is certain.
    mean_log_probability: float
    token_ids: tuple[int, ...]  # start marker, prompt, caption, and the end marker unless it was cut off
    model: str  # such as "caption-base@82a3776"
