"""The commands that read a file and write a file: forecasts, scores of a series, labels of messages, hot issues."""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from settings import Settings


class FileRefused(Exception):
    """A file on the command line that cannot be used; the message names it and the trouble."""


@contextmanager
def _refusing(wish: argparse.Namespace) -> Iterator[None]:
    """What is wrong with an input file becomes one sentence instead of a trace."""
    try:
        yield
    except (OSError, ValueError, csv.Error) as problem:
        raise FileRefused(f"{wish.input}: {problem}") from problem


def watch(settings: Settings, wish: argparse.Namespace) -> int:
    """Score each row of a running series by how unlike its own past it is: timestamp,value in; timestamp,score out."""
    from decisions.watch import watch_file

    with _refusing(wish):
        watch_file(Path(wish.input), Path(wish.output))
    return 0


def forecast(settings: Settings, wish: argparse.Namespace) -> int:
    """Forecast series from a file: id,step,value in; mean and intervals with the model's name out."""
    from decisions.forecast import forecast_file

    with _refusing(wish):
        forecast_file(Path(wish.input), Path(wish.output), wish.horizon, wish.period)
    return 0


def route(settings: Settings, wish: argparse.Namespace) -> int:
    """Learn from labelled texts and say for each new one its label, how sure, and which words decided."""
    from decisions.routing import route_file

    with _refusing(wish):
        route_file(Path(wish.train), Path(wish.input), Path(wish.output))
    return 0


def hotspots(settings: Settings, wish: argparse.Namespace) -> int:
    """Find the hot issues among messages: same place, same matter, crowded in time."""
    from decisions.hotspots import hotspots_file

    with _refusing(wish):
        hotspots_file(Path(wish.input), Path(wish.output))
    return 0


def files(asked: argparse.ArgumentParser) -> None:
    asked.add_argument("--input", required=True, metavar="IN.csv")
    asked.add_argument("--output", required=True, metavar="OUT.csv")
