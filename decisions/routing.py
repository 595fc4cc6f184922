"""Which class, and so which department, a citizen's message belongs to, how sure that is, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from decisions.routing_confidence import Confidence, measured, shares
from decisions.routing_features import Encoder, learn, seen
from decisions.routing_nets import Nets, Training, train_nets
from decisions.routing_reasons import reasons
from decisions.routing_rows import Array
from decisions.routing_straight import with_straight
from decisions.wording import placeless
from decisions.wording_files import read_table, write_table
from decisions.wording_words import public_affairs

BATCH = 512


class NothingToLearn(ValueError):
    """Training rows without a single text with a label."""

    def __init__(self) -> None:
        super().__init__("训练数据中没有带标签的文字，请检查 text 与 label 两列")


@dataclass(frozen=True)
class Routed:
    """Class of one message; `confidence` in (0, 1) is the share of such messages that are right."""

    label: str
    confidence: float
    runner_up: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Router:
    """A trained router; `examples` is how many texts it has learnt from."""

    labels: tuple[str, ...]
    encoder: Encoder
    nets: Nets
    confidence: Confidence
    examples: int

    def route(self, text: str) -> Routed:
        """Class of one text."""
        return self.route_all([text])[0]

    def route_all(self, texts: Sequence[str]) -> list[Routed]:
        """Classes in the order of the texts."""
        return [routed for start in range(0, len(texts), BATCH) for routed in self._batch(texts[start : start + BATCH])]

    def probabilities(self, texts: Sequence[str]) -> Array:
        """Calibrated probabilities, one row per text, columns as `labels`."""
        return self.confidence.of(self.nets.scores(self.encoder.encode(texts)))

    def _batch(self, texts: Sequence[str]) -> list[Routed]:
        likely = self.probabilities(texts)
        return [self._routed(text, row) for text, row in zip(texts, likely, strict=True)]

    def _routed(self, text: str, likely: Array) -> Routed:
        order = np.argsort(-likely, kind="stable")
        best = int(order[0])
        runner_up = self.labels[order[1]] if len(order) > 1 else ""
        surest = 1 - 1 / (self.examples + 2)  # rule of succession: n right answers do not make the next one certain
        confidence = min(float(likely[best]), surest)
        return Routed(self.labels[best], confidence, runner_up, reasons(text, best, self.encoder, self.nets))


def train(texts: Sequence[str], labels: Sequence[str], how: Training = Training()) -> Router:  # noqa: B008 frozen
    """Learn from texts and their labels; rows without a label are left out. Raises NothingToLearn.

    Uses nothing but the given texts and the shipped table of words. Same input, same router.
    """
    kept = [(text, label.strip()) for text, label in zip(texts, labels, strict=True) if label.strip()]
    if not kept:
        raise NothingToLearn
    words = public_affairs()
    features = [seen(placeless(text), words) for text, _ in kept]
    names = sorted({label for _, label in kept})
    classes = np.array([names.index(label) for _, label in kept], np.int64)
    encoder = learn(features, words)
    rows = encoder.of_features(features)
    blind = shares(classes, how.nets)
    nets = with_straight(train_nets(rows, classes, len(names), blind, how), rows, classes, blind, how)
    unseen = nets.each(rows)[blind, np.arange(len(kept))]
    return Router(tuple(names), encoder, nets, measured(unseen, classes), len(kept))


def route_file(train_file: Path, input_file: Path, output_file: Path) -> int:
    """`text,label` and `text` to `label,confidence,runner_up,reasons` in the order of the input; rows written.

    Raises TableRefused for a file without these columns, NothingToLearn without a label.
    """
    examples = read_table(train_file, ("text", "label"))
    router = train([row["text"] for row in examples], [row["label"] for row in examples])
    routed = router.route_all([row["text"] for row in read_table(input_file, ("text",))])
    lines = [(each.label, f"{each.confidence:.6f}", each.runner_up, "、".join(each.reasons)) for each in routed]
    write_table(output_file, ("label", "confidence", "runner_up", "reasons"), lines)
    return len(lines)
