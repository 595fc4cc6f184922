"""Warnings go out as CAP 1.2: each message is one our own strict reader takes, simulated ones are exercises."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from cap_schemas import schemas

from api.cap_feed import message_of
from api.cap_message import read
from decisions.warning import Warning
from decisions.warning_rule import Level
from dispatch.rulebook import rulebook

AT = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
WARNING = Warning(
    7, "real", "rain", "1 小时雨量", "WEA-01", "weather", "445102", "rain", "value", Level.ORANGE, Level.ORANGE, 42.0,
    30.0, AT, AT, AT, None, False, None, "meteorological_bureau", 2,
)  # fmt: skip


@pytest.mark.feature(77)
@pytest.mark.parametrize("level", list(Level))
def test_a_warning_is_a_valid_message(catalogue, level: Level) -> None:
    text = ElementTree.tostring(message_of(replace(WARNING, level=level), rulebook(catalogue)), encoding="utf-8")
    told = read(text)
    assert (told.status, told.infos[0].level, told.infos[0].areas[0].geocodes) == (
        "Actual", int(level), (("GB/T2260", "445102"),),
    )  # fmt: skip
    for schema in schemas():
        schema.validate(text.decode())


def test_what_is_simulated_goes_out_as_an_exercise(catalogue) -> None:
    alert = message_of(replace(WARNING, world="demo"), rulebook(catalogue))
    assert read(ElementTree.tostring(alert, encoding="utf-8")).status == "Exercise"


def test_the_feed_is_well_formed(small_client) -> None:
    answer = small_client.get("/api/v1/cap/feed")
    assert answer.mimetype == "application/atom+xml"
    assert ElementTree.fromstring(answer.data).tag.endswith("feed")
