"""Labels that others contradict: found among the training icons and set aside, so that nothing learns them.

A label is doubtful if both of two witnesses contradict it. The first is the teacher's opinion of the icon,
which keeps, with its smoothed labels, to what most icons of that look are called. The second is the nearest
icons by the teacher's last features, of *other* packs only, so that no pack speaks for its own habits. Names
that `labels.json` calls near contradict nothing.
"""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from altaloud.training import augment
from altaloud.training.batches import IconSet, normalised
from altaloud.training.classes import OTHER
from altaloud.training.collection import Collection
from altaloud.training.rendering import rendered
from altaloud.training.run import Plan
from altaloud.training.seeing import Seeing
from altaloud.vision.starter_naming import near_names

_NEIGHBOURS = 15
_BATCH = 256
# Chosen by eye on contact sheets: what falls below is mostly a matter of taste.
_LABEL_AT_MOST = 0.15  # the teacher's probability of the label and its near names
_NEIGHBOURS_AT_MOST = 0.1  # share of the neighbours that have the label or a near name
_ANOTHER_AT_LEAST = 0.6  # share of the neighbours that agree on another name
_TEACHER_AT_LEAST = 0.5  # the teacher's probability of that name
_AGREED = 0.8  # share of the neighbours that agree on a name that counts for its reliability
_BEFOREHAND = 3  # so many icons of the usual reliability are added to each name's own

Numbers = NDArray[np.float32]
Places = NDArray[np.int64]


def clean(plan: Plan, report: Callable[[str], None]) -> None:
    """Look at every training icon; write which are doubtful and how reliable each label is."""
    collection = Collection(plan.data)
    every = collection.icons()
    icons = IconSet(every, rendered(every, plan.cache), collection.classes, "train")
    names = (*collection.classes.icons, OTHER)
    features, opinions = _seen(icons, Seeing(plan.teacher_network), len(names))
    near = near_names({name: label.near for name, label in collection.labels.items()}, names)
    nearest = icons.classes[neighbours(features, np.array([icon.pack for icon in icons.icons]))]
    places, rather = doubtful(nearest, opinions, icons.classes, near)
    entries = [
        {"pack": icon.pack, "name": icon.name, "label": icon.label, "rather": names[other]}
        for icon, other in ((icons.icons[at], other) for at, other in zip(places, rather, strict=True))
    ]
    plan.doubtful.write_text(json.dumps(entries, indent=0) + "\n", encoding="utf-8")
    shares = reliability(nearest, icons.classes, near)
    told = {name: round(float(share), 4) for name, share in zip(names[:-1], shares, strict=False)}
    plan.reliability.write_text(json.dumps(told, indent=0) + "\n", encoding="utf-8")
    report(f"{len(entries):,} of {len(icons.icons):,} training icons set aside as doubtful")


def neighbours(features: Numbers, packs: NDArray[Any]) -> Places:
    """Return the places of the nearest icons of other packs (icons, neighbours), by features."""
    _, pack_numbers = np.unique(packs, return_inverse=True)
    found = []
    for start in range(0, len(features), _BATCH):
        here = slice(start, start + _BATCH)
        likeness = features[here] @ features.T
        likeness[pack_numbers[here, None] == pack_numbers[None]] = -1
        found.append(np.argpartition(-likeness, _NEIGHBOURS, axis=1)[:, :_NEIGHBOURS])
    return np.concatenate(found)


def doubtful(
    nearest: Places, opinions: Numbers, classes: Places, near: NDArray[np.bool_]
) -> tuple[Places, Places]:
    """Return the places of the icons whose label is contradicted, and the class that they rather are.

    Args:
        nearest: The classes of each icon's neighbours: (icons, neighbours).
        opinions: The teacher's probabilities of the names: (icons, names).
        classes: The labels, places among the names.
        near: Which names do not contradict each other: (names, names).
    """
    found = [
        (at, other)
        for at in range(len(classes))
        if (other := _rather(classes[at], nearest[at], opinions[at], near)) is not None
    ]
    both = np.array(found, dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def reliability(nearest: Places, classes: Places, near: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return, of each name, how often an icon has it (or a near one) when its neighbours agree on it."""
    names = len(near)
    counts = np.apply_along_axis(np.bincount, 1, nearest, minlength=names)
    said = counts.argmax(axis=1)
    agreed = np.take_along_axis(counts @ near, said[:, None], axis=1)[:, 0] >= _AGREED * nearest.shape[1]
    fits = near[said, classes]
    usual = fits[agreed].mean() if agreed.any() else 0.0
    some = np.bincount(said[agreed & fits], minlength=names)
    many = np.bincount(said[agreed], minlength=names)
    result: NDArray[np.float64] = (some + _BEFOREHAND * usual) / (many + _BEFOREHAND)
    return result


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
