"""The evaluation right after a start: figures at the first ask, whoever asks, never a word about still counting."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from product import Product

PANELS = ("tools", "tiles", "rates", "standings", "events", "basis")


@pytest.mark.slow
@pytest.mark.feature(162)
def test_the_first_ask_after_a_start_gets_figures(product: Product) -> None:
    """All panels of the page at once, on every process, before anybody asked for anything else."""
    product.start()

    def ask(name: str) -> tuple[str, int, str]:
        status, body, _ = product.get(f"/panel/evaluation-{name}?world=demo", timeout=30)
        return name, status, body.decode()

    with ThreadPoolExecutor(len(PANELS)) as asking:
        answers = list(asking.map(ask, PANELS * 2))
    assert [(name, status) for name, status, _ in answers if status != 200] == []
    tiles = next(body for name, _, body in answers if name == "tiles")
    assert "应结案数" in tiles and "按期结案率" in tiles and "%" in tiles
