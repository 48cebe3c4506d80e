"""Which graphs a checkpoint is made of, by what it is for."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from altaloud.vision.blip import text_graphs, vision_graphs
from altaloud.vision.blip.graphs import Builder, Storage
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
    """Return what builds each graph, in the order in which they are best compiled.

    The largest comes first: what compiling takes of memory goes by its size, and least else is there then.
    The others follow as they are needed.
    """
    task = task_of(checkpoint)
    looking = "text_decoder.bert" if task == "caption" else "text_encoder"
    made: dict[str, Callable[[], Any]] = {}
    if task == "match":
        made[SENTENCE] = lambda: text_graphs.sentence(checkpoint, storage)
    else:
        made[STEP] = lambda: text_graphs.decoder_step(checkpoint, storage, room=ROOM)
    for name, layers in vision_pieces(checkpoint).items():
        made[name] = lambda layers=layers: vision_graphs.piece(Builder(checkpoint, storage), layers)  # type: ignore[misc]
    width = checkpoint.vision.width
    made[KEYS] = lambda: text_graphs.cross_keys(checkpoint, storage, looking, width)
    if task == "answer":
        made[QUESTION] = lambda: text_graphs.question(checkpoint, storage)
    return made


def key_names(checkpoint: Checkpoint) -> list[str]:
    """Return the names under which the text side's graphs take what they look at."""
    return [f"{kind}{layer}" for layer in range(checkpoint.text.layers) for kind in ("key", "value")]


def shapes(checkpoint: Checkpoint, name: str, side: int) -> dict[str, list[int]]:
    """Return the sizes that a graph leaves open, for pictures of `side` pixels; -1 stays open."""
    vision, text = checkpoint.vision, checkpoint.text
    tokens = vision.tokens(side)
    if name == "vision0":
        return {"pixels": [1, 3, side, side], "positions": [1, tokens, vision.width]}
    if name.startswith("vision"):
        return {"tokens": [1, tokens, vision.width]}
    if name == KEYS:
        return {"features": [1, tokens, vision.width]}
    is_about_words = name == STEP and task_of(checkpoint) == "answer"
    length = -1 if is_about_words else tokens  # a question has any length
    size = [1, text.heads, length, text.width // text.heads]
    return {key: list(size) for key in key_names(checkpoint)}
