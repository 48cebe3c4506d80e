"""Labels that others contradict: found among the training icons and set aside, so that nothing learns them.

A label is doubtful if both of two witnesses contradict it. The first is the teacher's opinion of the icon,
which keeps, with its smoothed labels, to what most icons of that look are called. The second is the nearest
icons by the teacher's last features, of *other* packs only, so that no pack speaks for its own habits. Names
that `labels.json` calls near contradict nothing.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from altaloud.training import augment
from altaloud.training.batches import IconSet, normalised
from altaloud.training.classes import OTHER
from altaloud.training.collection import Collection, Label
from altaloud.training.rendering import rendered
from altaloud.training.run import Plan
from altaloud.training.seeing import Seeing

_NEIGHBOURS = 10
_BATCH = 256
# Chosen by eye on contact sheets: what falls below is mostly a matter of taste.
_LABEL_AT_MOST = 0.15  # the teacher's probability of the label and its near names
_NEIGHBOURS_AT_MOST = 0.1  # share of the neighbours that have the label or a near name
_ANOTHER_AT_LEAST = 0.6  # share of the neighbours that agree on another name
_TEACHER_AT_LEAST = 0.5  # the teacher's probability of that name

Numbers = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Doubt:
    """One icon whose label others contradict."""

    pack: str
    name: str
    label: str
    rather: str  # what neighbours and teacher call it


def clean(plan: Plan, report: Callable[[str], None]) -> None:
    """Look at every training icon and write those that are doubtful into the work folder."""
    collection = Collection(plan.data)
    every = collection.icons()
    icons = IconSet(every, rendered(every, plan.cache), collection.classes, "train")
    names = (*collection.classes.icons, OTHER)
    features, opinions = _seen(icons, Seeing(plan.teacher_network), len(names))
    packs = np.array([icon.pack for icon in icons.icons])
    near = near_names(collection.labels, names)
    places, rather = doubtful(features, opinions, icons.classes, packs, near)
    found = [
        Doubt(icons.icons[at].pack, icons.icons[at].name, icons.icons[at].label, names[other])
        for at, other in zip(places, rather, strict=True)
    ]
    entries = [
        {"pack": one.pack, "name": one.name, "label": one.label, "rather": one.rather} for one in found
    ]
    plan.doubtful.write_text(json.dumps(entries, indent=0) + "\n", encoding="utf-8")
    report(f"{len(found):,} of {len(packs):,} training icons set aside as doubtful")


def near_names(labels: dict[str, Label], names: tuple[str, ...]) -> NDArray[np.bool_]:
    """Return which names do not contradict each other: bool (names, names)."""
    number = {name: place for place, name in enumerate(names)}
    near = np.eye(len(names), dtype=bool)
    for name, label in labels.items():
        for other in label.near:
            if other in number:
                near[number[name], number[other]] = near[number[other], number[name]] = True
    return near


def doubtful(
    features: Numbers,
    opinions: Numbers,
    classes: NDArray[np.int64],
    packs: NDArray[Any],
    near: NDArray[np.bool_],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places of the icons whose label is contradicted, and the class that they rather are.

    Args:
        features: Of each icon, of length one: (icons, channels).
        opinions: The teacher's probabilities of the names: (icons, names).
        classes: The labels, places among the names.
        packs: The pack of each icon.
        near: Which names do not contradict each other: (names, names).
    """
    _, pack_numbers = np.unique(packs, return_inverse=True)
    found, rather = [], []
    for start in range(0, len(features), _BATCH):
        here = slice(start, start + _BATCH)
        likeness = features[here] @ features.T
        likeness[pack_numbers[here, None] == pack_numbers[None]] = -1
        nearest = np.argpartition(-likeness, _NEIGHBOURS, axis=1)[:, :_NEIGHBOURS]
        for offset, neighbours in enumerate(nearest):
            at = start + offset
            other = _rather(classes[at], classes[neighbours], opinions[at], near)
            if other is not None:
                found.append(at)
                rather.append(other)
    return np.array(found, dtype=np.int64), np.array(rather, dtype=np.int64)


def _rather(
    label: np.int64, neighbours: NDArray[np.int64], opinion: Numbers, near: NDArray[np.bool_]
) -> int | None:
    """Return the class that neighbours and teacher have instead of `label`, or None."""
    if near[label][neighbours].mean() > _NEIGHBOURS_AT_MOST or opinion[near[label]].sum() > _LABEL_AT_MOST:
        return None
    names, counts = np.unique(neighbours, return_counts=True)
    other = int(names[counts.argmax()])
    agreed = near[other][neighbours].mean() >= _ANOTHER_AT_LEAST
    return other if agreed and opinion[near[other]].sum() >= _TEACHER_AT_LEAST else None


def _seen(icons: IconSet, teacher: Seeing, names: int) -> tuple[Numbers, Numbers]:
    """Return of each icon, dark on white, the last features (of length one) and the opinion of the names."""
    features, opinions = [], []
    many = len(icons.icons)
    for start in range(0, many, _BATCH):
        drawn, _ = icons.drawn(np.arange(start, min(many, start + _BATCH)))
        _, last, scores = teacher(normalised(augment.plain_icons(drawn)))
        pooled = last.mean(dim=(2, 3))
        features.append((pooled / pooled.norm(dim=1, keepdim=True)).numpy())
        opinions.append(scores.softmax(1)[:, :names].numpy())
    return np.concatenate(features), np.concatenate(opinions)
