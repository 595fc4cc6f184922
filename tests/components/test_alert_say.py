"""What a screen reads out of an alert: its level and name, without personal data."""

from __future__ import annotations

import pytest

from components.markup import markup
from components.wall_alerts import Alert, alert_news


@pytest.mark.feature(82)
def test_what_is_read_out_names_the_level_and_nobody_s_telephone() -> None:
    told = markup(alert_news([Alert("E1", 1, "堤防管涌，请联系13812345678", "湘桥", "event_command")]))
    said = told.partition('data-say="')[2].partition('"')[0]
    assert said.startswith("红色警情，堤防管涌") and "13812345678" not in said
