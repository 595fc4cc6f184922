"""`python -m decisions.routing_trial --data FILE`: figures of the router and of the plain way, by cross-validation."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from decisions.routing import train
from decisions.routing_confidence import shares
from decisions.routing_rows import Array, Places, log_softmax
from decisions.wording import grams, placeless
from decisions.wording_files import read_table

ALIKE = 0.6
"""Share of common pairs of characters above which two titles must fall into the same part."""
COMMON = 300
KEPT = 0.8
BINS = 10

Predict = Callable[[Sequence[str], Sequence[str], Sequence[str]], tuple[tuple[str, ...], Array]]
"""(texts, labels, new texts) -> (names of the classes, probabilities of the new texts)."""


@dataclass(frozen=True)
class Figures:
    """What issue 6 asks for; all between 0 and 1."""

    macro_f1: float
    accuracy: float
    calibration_error: float
    accuracy_of_kept: float


def figures(likely: Array, classes: Places) -> Figures:
    """Macro-F1, accuracy, expected calibration error (ten equal bins), accuracy on the surest four fifths."""
    guess, sure = likely.argmax(axis=1), likely.max(axis=1)
    right = guess == classes
    surest = np.argsort(-sure, kind="stable")[: round(KEPT * len(classes))]
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps = [abs(right[bins == each].sum() - sure[bins == each].sum()) for each in range(BINS)]
    f1 = [_f1(guess == each, classes == each) for each in np.unique(classes)]
    return Figures(
        float(np.mean(f1)), float(right.mean()), float(sum(gaps)) / len(classes), float(right[surest].mean())
    )


def _f1(said: np.ndarray, true: np.ndarray) -> float:
    return 2 * float((said & true).sum()) / max(1.0, float(said.sum() + true.sum()))


def routed(texts: Sequence[str], labels: Sequence[str], new: Sequence[str]) -> tuple[tuple[str, ...], Array]:
    """Ours."""
    router = train(texts, labels)
    return router.labels, router.probabilities(new)


def plainly(texts: Sequence[str], labels: Sequence[str], new: Sequence[str]) -> tuple[tuple[str, ...], Array]:
    """The plain way: multinomial naive Bayes on single characters, one added to each count."""
    names = tuple(sorted(set(labels)))
    counts = {name: Counter[str]() for name in names}
    for text, label in zip(texts, labels, strict=True):
        counts[label].update(text)
    alphabet = len(set().union(*counts.values())) + 1
    totals = {name: sum(counts[name].values()) + alphabet for name in names}
    priors = Counter(labels)
    scores = [
        [np.log(priors[name]) + sum(np.log((counts[name][sign] + 1) / totals[name]) for sign in text) for name in names]
        for text in new
    ]
    return names, np.exp(log_softmax(np.array(scores, np.float32)))


def groups(texts: Sequence[str]) -> list[int]:
    """For each title the number of the first of its near copies (copies of copies included)."""
    pairs = [set(grams(placeless(text), (2,))) for text in texts]
    home = list(range(len(texts)))
    where: dict[str, list[int]] = {}
    for number, own in enumerate(pairs):
        met = Counter(other for pair in own for other in where.get(pair, ()) if len(where[pair]) < COMMON)
        for other, common in met.items():
            if common >= ALIKE * len(own | pairs[other]):
                old, new = home[number], home[other]
                home = [new if each == old else each for each in home] if old != new else home
        for pair in own:
            where.setdefault(pair, []).append(number)
    return home


def crossed(texts: Sequence[str], labels: Sequence[str], predict: Predict, parts: int) -> Figures:
    """Figures over all texts, each predicted from the other parts; near copies stay together, classes are dealt out."""
    names = sorted(set(labels))
    classes = np.array([names.index(label) for label in labels])
    home = np.array(groups(texts))
    leaders = np.unique(home)
    part_of = dict(zip(leaders.tolist(), shares(classes[leaders], parts).tolist(), strict=True))
    part = np.array([part_of[each] for each in home.tolist()])
    likely = np.zeros((len(texts), len(names)), np.float32)
    for each in range(parts):
        inside, outside = np.flatnonzero(part != each).tolist(), np.flatnonzero(part == each).tolist()
        known, found = predict([texts[i] for i in inside], [labels[i] for i in inside], [texts[i] for i in outside])
        likely[np.ix_(outside, [names.index(name) for name in known])] = found
    return figures(likely, classes)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print both lines."""
    wish = argparse.ArgumentParser(description=__doc__)
    wish.add_argument("--data", type=Path, required=True, help="CSV with title (or text) and label")
    wish.add_argument("--parts", type=int, default=10)
    chosen = wish.parse_args(arguments)
    rows = read_table(chosen.data, ("label",))
    texts = [row.get("text") or row.get("title", "") for row in rows]
    labels = [row["label"] for row in rows]
    for name, predict in (("naive Bayes on characters", plainly), ("ours", routed)):
        found = crossed(texts, labels, predict, chosen.parts)
        print(
            f"{name:26s} macro-F1 {found.macro_f1:.4f}  accuracy {found.accuracy:.4f}  "
            f"calibration error {found.calibration_error:.4f}  accuracy of the surest 80 % {found.accuracy_of_kept:.4f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
