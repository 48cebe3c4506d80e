"""The decoder of sentences on a processor: one word at a time, through the graph of one step."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from altaloud.vision.blip.parts import ROOM
from altaloud.vision.blip.processor import Graph
from altaloud.vision.blip.text_graphs import MASKED
from altaloud.vision.blip.weights import Checkpoint
from altaloud.vision.blip.words import vectors

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]


@dataclass(slots=True)
class _Memory:
    """A sentence under way."""

    keys: "Mapping[str, Floats]"  # of what is looked at
    past: "Floats"  # (2 · layers, 1, heads, ROOM, size): keys and values of the words so far
    mask: "Floats"  # (1, 1, 1, ROOM)
    count: int = field(default=0)  # of the words so far

    def copy(self) -> "_Memory":
        return _Memory(self.keys, self.past.copy(), self.mask.copy(), self.count)


class StepDecoder:
    """Reads words one by one, through the graph of one step."""

    def __init__(self, checkpoint: Checkpoint, graph: Graph) -> None:
        self._checkpoint = checkpoint
        self._graph = graph

    def begin(self, keys: "Mapping[str, Floats]") -> _Memory:
        """Return the memory of a sentence without a word."""
        import numpy as np

        text = self._checkpoint.text
        past = np.zeros((2 * text.layers, 1, text.heads, ROOM, text.width // text.heads), np.float32)
        return _Memory(keys, past, np.full((1, 1, 1, ROOM), MASKED, np.float32))

    def read(self, memory: _Memory, token: int) -> "Floats":
        """Add a word; return each word's log-probability to be next."""
        import numpy as np

        if memory.count == ROOM:
            raise ValueError(f"a sentence has at most {ROOM} words, its prompt included")
        past = {
            f"past_{kind}{layer}": memory.past[2 * layer + index]
            for layer in range(self._checkpoint.text.layers)
            for index, kind in enumerate(("key", "value"))
        }
        word = vectors(self._checkpoint, "text_decoder.bert", [token], memory.count)
        request = self._graph({"word": word, "mask": memory.mask, **past, **memory.keys})
        memory.past[:, 0, :, memory.count] = request.get_tensor("new").data
        memory.mask[..., memory.count] = 0
        memory.count += 1
        scores = request.get_tensor("scores").data[0, 0]
        shifted = scores - scores.max()
        log_probabilities: Floats = shifted - np.log(np.exp(shifted).sum())
        return log_probabilities
