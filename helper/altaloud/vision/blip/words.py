"""Between sentences, tokens, and the vectors that the graphs take."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from altaloud.errors import ModelDamagedError
from altaloud.vision.blip.weights import Checkpoint

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_FIRST = "[CLS]"  # begins a sentence that is read, as BERT has it


class Words:
    """A checkpoint's word pieces.

    Raises:
        ModelDamagedError: tokenizer.json cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # this very type is what tokenizers raises for a file it cannot read
            raise ModelDamagedError(f"{folder.name}: tokenizer.json cannot be read") from error

    def ids(self, text: str) -> list[int]:
        """Return the tokens of `text`, without markers."""
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def read_ids(self, text: str, checkpoint: Checkpoint) -> list[int]:
        """Return the tokens of a sentence that is read, with its markers; a very long one is cut."""
        first: int | None = self._tokenizer.token_to_id(_FIRST)
        if first is None:
            raise ModelDamagedError(f"{checkpoint.name}: tokenizer.json has no {_FIRST}")
        return [first, *self.ids(text)[: checkpoint.text.positions - 2], checkpoint.text.end]

    def text(self, ids: Sequence[int]) -> str:
        """Return what a person reads, without markers."""
        text: str = self._tokenizer.decode(list(ids), skip_special_tokens=True)
        # A first piece that continues the prompt's last word is marked so; a person is not to hear the mark.
        return text.strip().removeprefix("##")


def vectors(
    checkpoint: Checkpoint, root: str, ids: Sequence[int], first_place: int = 0
) -> "npt.NDArray[np.float32]":
    """Return words and their places as the graphs of `root` take them, (1, tokens, width).

    Read from the file row by row: 94 MB of words are never in memory.
    """
    import numpy as np

    name = f"{root}.embeddings"
    words = [checkpoint.rows(f"{name}.word_embeddings.weight", index, 1) for index in ids]
    places = checkpoint.rows(f"{name}.position_embeddings.weight", first_place, len(ids))
    return (np.concatenate(words) + places)[None]
