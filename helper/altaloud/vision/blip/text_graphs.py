"""The text side: keys and values of what it looks at, one step of the decoder, and the encoder.

All of them take words as vectors (`TextInput` in `words.py`), so that no graph holds the word list.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Any

from altaloud.vision.blip.graphs import Builder, Storage
from altaloud.vision.blip.weights import Checkpoint

MASKED = -1e9  # added to the score of a place that is not to be looked at


def cross_keys(checkpoint: Checkpoint, storage: Storage, root: str, width: int) -> Any:
    """Return the graph from "features", (1, tokens, `width`), to the keys and values of every layer.

    Outputs "key0", "value0", "key1"…: (1, heads, tokens, size of a head).
    `root` is such as "text_decoder.bert".
    """
    build = Builder(checkpoint, storage)
    features = build.input("features", (1, -1, width))
    return build.model(cross_outputs(build, features, root), [features])


def cross_outputs(build: Builder, features: Any, root: str) -> list[tuple[str, Any]]:
    """Return the keys and values of every layer, by name."""
    outputs = []
    for layer in range(build.checkpoint.text.layers):
        cross = f"{root}.encoder.layer.{layer}.crossattention.self"
        for kind in ("key", "value"):
            made = build.linear(features, f"{cross}.{kind}")
            outputs.append((f"{kind}{layer}", build.heads(made, 1, build.checkpoint.text.heads)[0]))
    return outputs


def decoder_step(checkpoint: Checkpoint, storage: Storage, *, room: int) -> Any:
    """Return the graph that reads one word and says what may come next.

    Inputs:
        "word": (1, 1, width), the word's vector and its place's, added.
        "mask": (1, 1, 1, room), 0 where `past` holds something, else `MASKED`.
        "past_key0", "past_value0"…: (1, heads, room, size), of the words before.
        "key0", "value0"…: (1, heads, tokens, size), of what is looked at; tokens are left open.
    Outputs:
        "scores": (1, 1, vocabulary), before the softmax.
        "new": (2 · layers, heads, size), key and value of this word for each layer, to be put into `past`.
    """
    build = Builder(checkpoint, storage)
    shape, root = checkpoint.text, "text_decoder"
    size = shape.width // shape.heads
    word = build.input("word", (1, 1, shape.width))
    mask = build.input("mask", (1, 1, 1, room))
    inputs, new = [word, mask], []
    x = build.norm(word, f"{root}.bert.embeddings.LayerNorm", shape.epsilon)
    for layer in range(shape.layers):
        past = [build.input(f"past_{kind}{layer}", (1, shape.heads, room, size)) for kind in ("key", "value")]
        cross = [build.input(f"{kind}{layer}", (1, shape.heads, -1, size)) for kind in ("key", "value")]
        inputs += [*past, *cross]
        name = f"{root}.bert.encoder.layer.{layer}"
        x, pair = _remember(build, x, name, mask, past)
        new += pair
        x = _look(build, x, name, cross)
        x = _think(build, x, name)
    x = build.gelu(build.linear(x, f"{root}.cls.predictions.transform.dense"))
    x = build.norm(x, f"{root}.cls.predictions.transform.LayerNorm", shape.epsilon)
    scores = build.linear(x, f"{root}.cls.predictions.decoder")
    together = build.op.squeeze(build.op.concat(new, 0), build.integers(2))
    return build.model([("scores", scores), ("new", together)], inputs)


def _remember(build: Builder, x: Any, name: str, mask: Any, past: Sequence[Any]) -> tuple[Any, list[Any]]:
    """Self-attention of one word to itself and those before; return also its own key and value."""
    op, shape = build.op, build.checkpoint.text
    query, key, value = _queries_keys_values(build, x, name)
    before = op.add(op.matmul(query, past[0], False, True), mask)  # (1, heads, 1, room)
    own = op.matmul(query, key, False, True)  # (1, heads, 1, 1)
    # In two parts, instead of over one list of past and own: nothing is copied, and OpenVINO 2026.4 has been
    # seen to compute attention over such a list wrongly in bfloat16.
    weights = op.softmax(op.concat([before, own], -1), -1)
    room = mask.get_output_partial_shape(0)[3].get_length()
    parts = op.variadic_split(weights, build.integer(-1), build.integers(room, 1))
    attended = op.add(op.matmul(parts.output(0), past[1], False, False), op.multiply(parts.output(1), value))
    made = build.linear(build.join(attended), f"{name}.attention.output.dense")
    normed = build.norm(op.add(made, x), f"{name}.attention.output.LayerNorm", shape.epsilon)
    return normed, [key, value]


def _queries_keys_values(build: Builder, x: Any, name: str) -> list[Any]:
    shape = build.checkpoint.text
    names = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
    scale = (shape.width // shape.heads) ** -0.5
    return build.heads(build.linear(x, *names, scales=[scale, 1, 1]), 3, shape.heads)


def _look(build: Builder, x: Any, name: str, cross: Sequence[Any]) -> Any:
    """Cross-attention to keys and values made beforehand."""
    shape = build.checkpoint.text
    scale = (shape.width // shape.heads) ** -0.5
    asked = build.linear(x, f"{name}.crossattention.self.query", scales=[scale])
    seen = build.attend(build.heads(asked, 1, shape.heads)[0], cross[0], cross[1])
    made = build.linear(seen, f"{name}.crossattention.output.dense")
    return build.norm(build.op.add(made, x), f"{name}.crossattention.output.LayerNorm", shape.epsilon)


def _think(build: Builder, x: Any, name: str) -> Any:
    inner = build.gelu(build.linear(x, f"{name}.intermediate.dense"))
    made = build.op.add(build.linear(inner, f"{name}.output.dense"), x)
    return build.norm(made, f"{name}.output.LayerNorm", build.checkpoint.text.epsilon)


def question(checkpoint: Checkpoint, storage: Storage) -> Any:
    """Return the graph that reads a question beside a picture, for the decoder of the answer.

    Inputs: "words", (1, words, width), and "key0", "value0"… of the picture. Outputs: "answer_key0",
    "answer_value0"…: (1, heads, words, size), what `decoder_step` looks at.
    """
    build = Builder(checkpoint, storage)
    words, cross = _encoder_inputs(build)
    read = _encode(build, words, cross, beside=None)
    outputs = cross_outputs(build, read, "text_decoder.bert")
    return build.model([(f"answer_{name}", node) for name, node in outputs], [words, *chain(*cross)])


def sentence(checkpoint: Checkpoint, storage: Storage) -> Any:
    """Return the graph that reads a sentence, beside a picture or alone.

    Inputs: "words", (1, words, width); "beside", (1, 1, 1), 1 to look at the picture and 0 not to;
    "key0", "value0"… of the picture. Output "first": (1, width), what became of the first marker.
    """
    build = Builder(checkpoint, storage)
    words, cross = _encoder_inputs(build)
    beside = build.input("beside", (1, 1, 1))
    read = _encode(build, words, cross, beside=beside)
    first = build.op.gather(read, build.integer(0), build.integer(1))
    return build.model([("first", first)], [words, beside, *chain(*cross)])


def _encoder_inputs(build: Builder) -> tuple[Any, list[list[Any]]]:
    shape = build.checkpoint.text
    size = shape.width // shape.heads
    cross = [
        [build.input(f"{kind}{layer}", (1, shape.heads, -1, size)) for kind in ("key", "value")]
        for layer in range(shape.layers)
    ]
    return build.input("words", (1, -1, shape.width)), cross


def _encode(build: Builder, words: Any, cross: Sequence[Sequence[Any]], *, beside: Any | None) -> Any:
    """All words look at each other and at the picture; with `beside` 0 they do not look at it."""
    op, shape, root = build.op, build.checkpoint.text, "text_encoder"
    x = build.norm(words, f"{root}.embeddings.LayerNorm", shape.epsilon)
    for layer in range(shape.layers):
        name = f"{root}.encoder.layer.{layer}"
        query, key, value = _queries_keys_values(build, x, name)
        made = build.linear(build.attend(query, key, value), f"{name}.attention.output.dense")
        x = build.norm(op.add(made, x), f"{name}.attention.output.LayerNorm", shape.epsilon)
        looked = _look(build, x, name, cross[layer])
        x = looked if beside is None else op.add(x, op.multiply(beside, op.subtract(looked, x)))
        x = _think(build, x, name)
    return x
