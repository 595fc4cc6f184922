"""A new process rehearses the wall before anybody asks: every panel walls share, nothing kept, trouble ends nothing."""

from __future__ import annotations

import gc

import pytest
from flask import Flask

from pages import warm
from pages.panels import PANELS


@pytest.fixture(autouse=True)
def collector():
    """What the rehearsal hides from the collector is shown to it again: this process does more than one server does."""
    yield
    gc.unfreeze()


def test_the_rehearsal_is_of_what_every_wall_shows(app) -> None:
    names = warm.first_panels()
    assert {"wall-map", "wall-head", "wall-tiles", "wall-loop"} <= set(names) <= set(PANELS)
    assert not {"wall-water", "wall-duty", "wall-hours"} & set(names)


def test_a_panel_that_cannot_be_drawn_does_not_end_it_and_nothing_is_kept(app, cockpit, monkeypatch) -> None:
    drawn: list[str] = []

    def fail_once(found, *_: object) -> None:
        drawn.append(found.name)
        if len(drawn) == 1:
            raise RuntimeError("broken on purpose")

    monkeypatch.setattr(warm, "rehearse", fail_once)
    warm.begin(Flask("warmed_under_test"), cockpit).join(20)
    assert drawn == warm.first_panels()
    monkeypatch.undo()
    counted: list[str] = []
    monkeypatch.setattr(cockpit.cache.tally, "count", counted.append)
    warm.begin(Flask("warmed_under_test"), cockpit).join(20)
    assert not counted, "an answer was looked for or kept"


def test_what_a_warm_process_holds_is_not_looked_through_again(app, cockpit) -> None:
    gc.unfreeze()
    warm.begin(Flask("warmed_under_test"), cockpit).join(20)
    assert gc.get_freeze_count() > 10_000
