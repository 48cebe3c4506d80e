"""Which graphs a checkpoint is made of, by what it is for."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from altaloud.vision.blip import text_graphs, vision_graphs
from altaloud.vision.blip.graphs import Storage
from altaloud.vision.blip.weights import Checkpoint

Task = Literal["caption", "answer", "match"]

STEP = "step"  # of the decoder
KEYS = "keys"  # what the text side looks at, from the vision features
QUESTION = "question"  # from a question to what the answer's decoder looks at
SENTENCE = "sentence"  # from a sentence to how it fits

_PIECES = 4  # of the vision tower: a focused picture waits for at most one of them
ROOM = 64  # words that a decoder remembers: a prompt and MAX_NEW_TOKENS


def vision_pieces(checkpoint: Checkpoint) -> dict[str, range]:
    """Return the pieces' names, in order, and their layers."""
    layers = checkpoint.vision.layers
    count = min(_PIECES, layers)
    bounds = [layers * index // count for index in range(count + 1)]
    return {f"vision{index}": range(bounds[index], bounds[index + 1]) for index in range(count)}


def task_of(checkpoint: Checkpoint) -> Task:
    """Return what a checkpoint is for, by the tensors it has."""
    if checkpoint.has("itm_head.weight"):
        return "match"
    return "answer" if checkpoint.has("text_encoder.embeddings.LayerNorm.weight") else "caption"


def parts(checkpoint: Checkpoint, storage: Storage) -> Mapping[str, Callable[[], Any]]:
    """Return what builds each graph, in the order in which they are needed."""
    task = task_of(checkpoint)
    looking = "text_decoder.bert" if task == "caption" else "text_encoder"
    made: dict[str, Callable[[], Any]] = {
        name: lambda layers=layers: vision_graphs.piece(checkpoint, storage, layers)  # type: ignore[misc]
        for name, layers in vision_pieces(checkpoint).items()
    }
    width = checkpoint.vision.width
    made[KEYS] = lambda: text_graphs.cross_keys(checkpoint, storage, looking, width)
    if task == "answer":
        made[QUESTION] = lambda: text_graphs.question(checkpoint, storage)
    if task == "match":
        made[SENTENCE] = lambda: text_graphs.sentence(checkpoint, storage)
    else:
        made[STEP] = lambda: text_graphs.decoder_step(checkpoint, storage, room=ROOM)
    return made
