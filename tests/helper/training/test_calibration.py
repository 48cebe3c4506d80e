"""How sure names and kinds are, and from where on they are said."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from altaloud.training import calibration, kind_head, naming_fit, trees
from altaloud.training.groups import groups
from altaloud.training.kind_head import NAMES, Example
from altaloud.vision.starter_kinds import KindHead
from altaloud.vision.starter_model import kind_evidence
from altaloud.vision.starter_naming import WITNESSES, Naming, near_names
from altaloud.vision.starter_traits import NAMES as TRAITS

ICONS = ("close", "menu", "search")
CLASSES = len(ICONS) + len(NAMES)  # the names, "other icon", and the kinds


def _probabilities(best: float) -> np.ndarray:
    rest = np.full(CLASSES, (1 - best) / (CLASSES - 1))
    rest[1] = best
    return rest


def test_a_likelier_name_is_surer_and_an_unreliable_one_less() -> None:
    weights = {"mean": [0.0] * 7, "spread": [1.0] * 7, "weights": [1.0, 0, 0, 0, 0, 0, 0.5], "bias": 0.0}
    near = near_names({}, ICONS)
    sure = Naming(weights, near, [0.9, 0.9, 0.9])
    assert sure.name(_probabilities(0.9))[0] == 1
    assert sure.name(_probabilities(0.9))[1] > sure.name(_probabilities(0.6))[1]
    assert (
        Naming(weights, near, [0.9, 0.5, 0.9]).name(_probabilities(0.9))[1]
        < sure.name(_probabilities(0.9))[1]
    )


def test_near_names_are_near_both_ways() -> None:
    near = near_names({"close": ("menu", "unheard of")}, ICONS)
    assert near.tolist() == [[True, True, False], [True, True, False], [False, False, True]]


def test_weights_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        Naming(
            {"mean": [0.0], "spread": [1.0], "weights": [1.0], "bias": 0}, near_names({}, ICONS), [1, 1, 1]
        )


def test_sureness_is_how_often_a_name_is_right() -> None:
    chance = np.random.default_rng(0)
    seen = chance.standard_normal((4000, len(WITNESSES)))
    right = chance.random(4000) < 1 / (1 + np.exp(-(1 + 2 * seen[:, 0])))
    fitted = naming_fit.fit(list(seen), right)
    scores = (seen - fitted.mean) / fitted.spread @ np.array(fitted.weights) + fitted.bias
    sure = 1 / (1 + np.exp(-scores))
    for low, high in ((0.2, 0.5), (0.5, 0.8), (0.8, 1.0)):
        inside = (sure >= low) & (sure < high)
        assert right[inside].mean() == pytest.approx(sure[inside].mean(), abs=0.06)


def test_an_icon_is_named_from_where_all_promises_hold() -> None:
    sure = np.linspace(0, 1, 1001)
    right = sure > 0.5
    unknown = np.zeros(1001, dtype=bool)
    threshold = calibration._icon_threshold(sure, right, unknown, np.array([0.3, 0.6]))
    assert 0.6 < threshold <= 0.61


def _examples(many: int, sources: tuple[str, ...]) -> list[Example]:
    chance = np.random.default_rng(len(sources))
    made = []
    for number in range(many):
        truth = ("icon", "photo", "text")[number % 3]
        probabilities = chance.dirichlet(np.full(CLASSES, 0.2))
        place = 0 if truth == "icon" else len(ICONS) + NAMES.index(truth)
        probabilities[place] += 2
        source = sources[number // 3 % len(sources)] if sources else None
        made.append(Example(probabilities / 3, chance.standard_normal(len(TRAITS)), truth, source))
    return made


def test_a_kind_is_told_and_is_less_sure_of_a_source_that_was_not_seen() -> None:
    torch.manual_seed(0)
    examples = _examples(60, ()) + _examples(60, ("one", "one-dark", "two", "three"))
    head, held_out = kind_head.fit(examples, len(ICONS))
    assert held_out.shape == (60, len(NAMES))
    assert np.allclose(held_out.sum(axis=1), 1)
    told = [NAMES[place] for place in held_out.argmax(axis=1)]
    assert np.mean([name == one.truth for name, one in zip(told, examples[60:], strict=True)]) > 0.8
    evidence = np.zeros((1, len(head.perceptron.mean)))
    assert head.shares(evidence).sum() == pytest.approx(1)


def test_what_is_shipped_of_a_head_says_what_the_head_says(tmp_path: Path) -> None:
    examples = _examples(60, ("one", "two"))
    head, _ = kind_head.fit(examples, len(ICONS))
    np.savez_compressed(tmp_path / "kinds.npz", **head.arrays())
    evidence = np.stack([kind_evidence(one.probabilities, one.traits, len(ICONS)) for one in examples])
    with np.load(tmp_path / "kinds.npz") as held:
        assert np.allclose(KindHead(held).shares(evidence), head.shares(evidence))
        damaged = {**held, "child": held["child"] + 1}
    with pytest.raises(ValueError, match="do not fit"):
        KindHead(damaged)


def test_a_head_that_sees_nothing_prefers_nothing() -> None:
    shares = kind_head.neutral(5).shares(np.ones((2, 5)))
    assert np.allclose(shares, 1 / len(NAMES), atol=1e-3)


def test_trees_tell_what_no_line_parts_and_are_the_same_twice() -> None:
    chance = np.random.default_rng(0)
    seen = chance.uniform(-1, 1, (900, 6))
    truth = (seen[:, 0] * seen[:, 3] > 0).astype(int)  # like signs: no weighing of the two can tell
    shape = trees.Shape(trees=20, smallest_leaf=3, questions=0.5)
    grown = [trees.grow(seen[:600], truth[:600], np.ones(600), 2, shape) for _ in range(2)]
    assert (grown[0].threshold == grown[1].threshold).all()
    leaves = _leaves(grown[0], seen[600:])
    assert np.allclose(leaves.sum(axis=1), 1, atol=1e-2)
    assert (leaves.argmax(axis=1) == truth[600:]).mean() > 0.85


def test_no_leaf_of_a_tree_is_smaller_than_asked() -> None:
    chance = np.random.default_rng(1)
    seen, truth = chance.uniform(-1, 1, (200, 3)), chance.integers(0, 3, 200)
    grown = trees.grow(seen, truth, np.ones(200), 3, trees.Shape(trees=1, smallest_leaf=9, questions=1.0))
    nodes = np.zeros(200, dtype=int)
    for _ in range(50):
        is_above = seen[np.arange(200), grown.feature[nodes]] >= grown.threshold[nodes]
        nodes = grown.child[nodes] + is_above
    assert np.unique(nodes, return_counts=True)[1].min() >= 9


def _leaves(grown: trees.Trees, seen: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what the trees alone say: the perceptron before them has no power."""
    weights = kind_head.neutral(seen.shape[1])
    blind = replace(
        weights.perceptron, outer=np.zeros((2, 1)), outer_bias=np.zeros(2), inner=np.zeros((1, seen.shape[1]))
    )
    return kind_head.KindWeights(blind, grown, perceptron_power=0.0, trees_power=1.0).shares(seen)


def test_every_label_has_a_group() -> None:
    assert groups(("search", "close", "account", "people")) == {
        "search": "everyday commands",
        "close": "everyday commands",
        "account": "people, shopping, favourites",
        "people": "people, shopping, favourites",
    }
