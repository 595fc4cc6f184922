"""Chance that can be asked for at any point of time: the same seed, name and index give the same number, in any order.

Counter-based generator: the index is hashed (splitmix64 finaliser, Steele, Lea and Flood 2014), no state is kept.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_ELEVEN, _HALF, _LOW = np.uint64(11), np.uint64(32), np.uint64(0xFFFFFFFF)


@lru_cache(maxsize=65536)
def key_of(seed: int, name: str) -> int:
    """A 64-bit number for a named stream of chance; the same on every machine."""
    return int.from_bytes(blake2b(f"{seed}:{name}".encode(), digest_size=8).digest(), "big")


def uniform(seed: int, name: str, index: Ints) -> Floats:
    """Numbers in (0, 1), one per index."""
    return ((_hashed(seed, name, index) >> _ELEVEN).astype(np.float64) + 0.5) * 2.0**-53


def normal(seed: int, name: str, index: Ints) -> Floats:
    """Standard normal numbers, independent from index to index (Box and Muller 1958), from the halves of one hash."""
    mixed = _hashed(seed, name, index)
    radius = np.sqrt(-2.0 * np.log(((mixed >> _HALF).astype(np.float64) + 0.5) * 2.0**-32))
    return radius * np.cos((2.0 * np.pi * 2.0**-32) * (mixed & _LOW).astype(np.float64))


def _hashed(seed: int, name: str, index: Ints) -> NDArray[np.uint64]:
    """64 mixed bits per index; products wrap around, as they should."""
    state = index.astype(np.uint64)
    state *= _GOLDEN
    state += np.uint64(key_of(seed, name))
    state ^= state >> np.uint64(30)
    state *= _FIRST
    state ^= state >> np.uint64(27)
    state *= _SECOND
    state ^= state >> np.uint64(31)
    return state


def wander(seed: int, name: str, time: Floats) -> Floats:
    """A smooth random curve of variance about 1 that forgets itself over one unit of `time`."""
    left = np.floor(time)
    part = time - left
    blend = part * part * (3.0 - 2.0 * part)
    index = left.astype(np.int64)
    mixed = normal(seed, name, index) * (1.0 - blend) + normal(seed, name, index + 1) * blend
    return mixed / np.sqrt(blend**2 + (1.0 - blend) ** 2)


@lru_cache(maxsize=65536)
def draw(seed: int, name: str) -> float:
    """One number in (0, 1) that belongs to a name: the constant character of a series, region or episode."""
    return float(uniform(seed, name, np.zeros(1, dtype=np.int64))[0])


@lru_cache(maxsize=16384)
def trait(seed: int, name: str) -> float:
    """One standard normal number that belongs to a name."""
    return float(normal(seed, name, np.zeros(1, dtype=np.int64))[0])
