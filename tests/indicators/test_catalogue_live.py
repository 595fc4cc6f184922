"""The catalogue of a running process: changes are taken up whole, errors keep the last good version."""

from __future__ import annotations

import shutil
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from indicators import live_catalogue
from indicators.catalogue import CatalogueErrors
from indicators.live_catalogue import LiveCatalogue

SMALL = Path(__file__).parent / "fixtures" / "catalogue"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "catalogue"
    shutil.copytree(SMALL, copy)
    return copy


def change(folder: Path, old: str, new: str, name: str = "indicators.yaml") -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


def test_an_unchanged_file_is_not_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    live = LiveCatalogue(folder)
    monkeypatch.setattr(live_catalogue, "content_of", lambda path: pytest.fail("read although nothing changed"))
    assert not live.refresh()


def test_a_good_change_is_taken_up(folder: Path) -> None:
    live = LiveCatalogue(folder)
    before = live.current
    change(folder, "枫江水质类别", "枫江考核断面水质类别")
    assert live.refresh()
    assert live.current.indicators["ENV-02"].name == "枫江考核断面水质类别"
    assert live.current.version != before.version and before.indicators["ENV-02"].name == "枫江水质类别"
    assert not live.problems and live.since is None


@pytest.mark.feature(130)
def test_a_broken_change_keeps_the_last_good_version_and_is_told(folder: Path) -> None:
    clock = [datetime(2026, 11, 22, 6, 0, tzinfo=UTC)]
    live = LiveCatalogue(folder, now=lambda: clock[0])
    good = live.current
    change(folder, "unit: 类", "units: 类")
    assert live.refresh()
    assert live.current is good
    assert [problem.path for problem in live.problems] == ["ENV-02.unit", "ENV-02.units"]
    assert live.since == clock[0]
    clock[0] += timedelta(minutes=5)
    change(folder, "units: 类", "unit: [类")
    assert live.refresh()
    assert live.current is good and live.since == datetime(2026, 11, 22, 6, 0, tzinfo=UTC), (
        "wrong since the first error"
    )
    change(folder, "unit: [类", "unit: 级")
    assert live.refresh()
    assert live.current.indicators["ENV-02"].unit == "级" and not live.problems and live.since is None


def test_taking_the_change_back_restores_the_same_version(folder: Path) -> None:
    live = LiveCatalogue(folder)
    good = live.current
    change(folder, "unit: 类", "units: 类")
    live.refresh()
    change(folder, "units: 类", "unit: 类")
    assert live.refresh()
    assert live.current is good and not live.problems


def test_a_half_written_file_is_not_taken_up(folder: Path) -> None:
    live = LiveCatalogue(folder)
    content = (folder / "indicators.yaml").read_bytes()
    for cut in range(len(content) // 2, len(content), 97):
        (folder / "indicators.yaml").write_bytes(content[:cut])
        live.refresh()
        assert len(live.current.indicators) == 3 or content[cut - 1 : cut] == b"\n"
    (folder / "indicators.yaml").write_bytes(content)
    live.refresh()
    assert not live.problems and len(live.current.indicators) == 3


def test_a_file_swapped_by_rename_or_link_is_noticed(folder: Path, tmp_path: Path) -> None:
    live = LiveCatalogue(folder)
    text = (folder / "indicators.yaml").read_text(encoding="utf-8")
    fresh = tmp_path / "fresh.yaml"
    fresh.write_text(text.replace("枫江水质类别", "枫江水质级别"), encoding="utf-8")
    fresh.replace(folder / "indicators.yaml")
    assert live.refresh() and live.current.indicators["ENV-02"].name == "枫江水质级别"
    other = tmp_path / "other.yaml"
    other.write_text(text, encoding="utf-8")
    (folder / "indicators.yaml").unlink()
    (folder / "indicators.yaml").symlink_to(other)
    assert live.refresh() and live.current.indicators["ENV-02"].name == "枫江水质类别"


def test_a_removed_file_leaves_the_last_good_version(folder: Path) -> None:
    live = LiveCatalogue(folder)
    (folder / "departments.yaml").unlink()
    assert live.refresh()
    assert live.problems[0].file == "departments.yaml" and len(live.current.departments) == 2


def test_departments_count_as_much_as_indicators(folder: Path) -> None:
    live = LiveCatalogue(folder)
    change(folder, "short: 统计局", "short: 统计", "departments.yaml")
    assert live.refresh() and live.current.departments["statistics_bureau"].short == "统计"
    change(folder, "key: statistics_bureau", "key: statistics", "departments.yaml")
    assert live.refresh()
    assert "statistics_bureau" in live.current.departments
    assert {problem.file for problem in live.problems} == {"indicators.yaml"}


def test_two_processes_reading_the_same_files_agree_on_the_version(folder: Path) -> None:
    one, two = LiveCatalogue(folder), LiveCatalogue(folder)
    change(folder, "枫江水质类别", "枫江水质")
    one.refresh()
    two.refresh()
    assert one.current.version == two.current.version


def test_a_file_that_changes_while_it_is_read_is_left_for_next_time(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = LiveCatalogue(folder)
    plain = live_catalogue.content_of

    def read_while_written(path: Path) -> bytes | None:
        content = plain(path)
        if path.name == "indicators.yaml":
            path.write_bytes((content or b"") + b"# still writing\n")
        return content

    change(folder, "枫江水质类别", "枫江水质")
    monkeypatch.setattr(live_catalogue, "content_of", read_while_written)
    assert not live.refresh() and live.current.indicators["ENV-02"].name == "枫江水质类别"
    monkeypatch.setattr(live_catalogue, "content_of", plain)
    assert live.refresh() and live.current.indicators["ENV-02"].name == "枫江水质"


def test_callers_do_not_wait_for_one_that_is_loading(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    live = LiveCatalogue(folder)
    plain, begun, go_on = live_catalogue.parse, threading.Event(), threading.Event()

    def slow(*content: bytes | None):
        begun.set()
        assert go_on.wait(10)
        return plain(*content)

    change(folder, "枫江水质类别", "枫江水质")
    monkeypatch.setattr(live_catalogue, "parse", slow)
    loading = threading.Thread(target=live.refresh)
    loading.start()
    assert begun.wait(10)
    assert not live.refresh() and live.current.indicators["ENV-02"].name == "枫江水质类别"
    go_on.set()
    loading.join(10)
    assert live.current.indicators["ENV-02"].name == "枫江水质"


def test_starting_on_broken_files_is_refused(folder: Path) -> None:
    change(folder, "unit: 类", "units: 类")
    with pytest.raises(CatalogueErrors):
        LiveCatalogue(folder)
