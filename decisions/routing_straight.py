"""A straight classifier beside each small network: squared hinge on the same features, blind to the same share.

Networks and straight lines err on different titles; their sum is a little more often right, and surer where it is.
A straight part is a rectifier that never closes, so the sum is a network again: same file, same exact reasons.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from decisions.routing_nets import Adam, Nets, Training, batches, thinned
from decisions.routing_rows import Array, Places, Rows

SHARE = 0.7
"""What one unit of the straight score counts for, in units of the networks' scores."""
OPEN = 64.0
"""Added before and taken off after the rectifier: scores of unit features stay far above minus this."""
RATE = 2e-2
DROPPED = 0.2
DECAY = 3e-3


def with_straight(nets: Nets, rows: Rows, classes: Places, blind: Places, how: Training) -> Nets:
    """The nets, each with a straight part that was shown the same examples."""
    gently = replace(how, rate=RATE, inputs_dropped=DROPPED, decay=DECAY)
    weights, offset = _trained(rows, classes, nets.outward.shape[2], blind, gently)
    return _beside(nets, weights, offset)


def _trained(rows: Rows, classes: Places, count: int, blind: Places, how: Training) -> tuple[Array, Array]:
    """Weights (width x nets.classes) and offsets (nets.classes) by Adam on the squared hinge, class against others."""
    random = np.random.default_rng(how.seed)
    weights, offset = np.zeros((rows.width, how.nets * count), np.float32), np.zeros(how.nets * count, np.float32)
    moves, offset_moves = Adam(weights, how.decay), Adam(offset)
    sides = np.tile(np.where(np.eye(count)[classes] > 0, 1, -1).astype(np.float32), (1, how.nets))
    shown = np.repeat((blind[:, None] != np.arange(how.nets)).astype(np.float32), count, axis=1)
    for number, (rate, chosen) in enumerate(batches(rows.count, how, random), start=1):
        batch, side = thinned(rows.take(chosen), how.inputs_dropped, random), sides[chosen]
        short = np.maximum(1 - side * (batch.times(weights) + offset), 0)
        slope = -2 * side * short * shown[chosen] / np.float32(len(chosen))
        present, parts = batch.transposed_parts(slope)
        moves.step(parts, rate, number, present)
        offset_moves.step(slope.sum(axis=0), rate, number)
    return weights, offset


def _beside(nets: Nets, weights: Array, offset: Array) -> Nets:
    """One more hidden unit for each class in each net, always open."""
    count, hidden, classes = nets.outward.shape
    width = len(nets.inward)
    inward = np.concatenate([nets.inward.reshape(width, count, hidden), weights.reshape(width, count, classes)], axis=2)
    straight = offset.reshape(count, classes) + np.float32(OPEN)
    inward_offset = np.concatenate([nets.inward_offset.reshape(count, hidden), straight], axis=1)
    through = np.broadcast_to(np.float32(SHARE) * np.eye(classes, dtype=np.float32), (count, classes, classes))
    return Nets(
        inward.reshape(width, -1),
        inward_offset.ravel(),
        np.concatenate([nets.outward, through], axis=1),
        nets.outward_offset - np.float32(SHARE * OPEN),
    )
