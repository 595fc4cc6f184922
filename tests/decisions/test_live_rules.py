"""Rules that change under a running engine: taken up when right, kept as they were when wrong."""

from __future__ import annotations

import os
import shutil

from decisions.live_rules import LiveRules
from decisions.warning_rules import PRODUCT, WARNINGS


def test_a_wrong_file_keeps_the_last_good_rules_and_says_what_is_wrong(catalogue, tmp_path):
    file = tmp_path / WARNINGS
    shutil.copy(PRODUCT / WARNINGS, file)
    live = LiveRules(tmp_path, lambda: catalogue)
    before = live.current()
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("indicator: WAT-03", "indicator: WAT-99"), encoding="utf-8")
    assert live.current() is before and [p.line for p in live.problems] == [7]
    file.write_text(text.replace("name: 短时强降雨", "name: 一小时强降雨"), encoding="utf-8")
    os.utime(file, ns=(1, 1))
    assert live.current().rules["rain_hour"].name == "一小时强降雨" and live.problems == ()


def test_a_folder_without_the_file_uses_the_products_own(catalogue, tmp_path):
    assert len(LiveRules(tmp_path, lambda: catalogue).current().rules) >= 20
