"""The drop folder: files that are whole are taken and answered, half-written ones are waited for, none is lost."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from database.changes import versions
from database.engine import reading
from indicators.calls import calls_of
from indicators.drop import DropFolder
from small_city import NOW, small_catalogue

CATALOGUE = small_catalogue()
GOOD = "指标编码,地区,时期,数值\nSUM-01,湘桥区,2026-09,5\nSUM-01,潮安区,2026-09,7.5\n"
MIXED = GOOD + "SUM-01,饶平县,2026-09,--\nSUN-01,饶平县,2026-09,4\nSUM-01,枫溪区,2027-09,4\n"


@pytest.fixture
def drop(engine, tmp_path) -> DropFolder:
    return DropFolder(tmp_path / "drop", engine, lambda: CATALOGUE, lambda: NOW)


def lay(drop: DropFolder, name: str, content: str | bytes, source: str = "counts") -> Path:
    place = drop.folder / source
    place.mkdir(parents=True, exist_ok=True)
    file = place / name
    file.write_bytes(content.encode("gb18030") if isinstance(content, str) else content)
    return file


def settled(drop: DropFolder):
    drop.scan()
    return drop.scan()


def reports(drop: DropFolder, where: str, source: str = "counts") -> list[dict]:
    folder = drop.folder / source / where
    return [json.loads(file.read_bytes()) for file in sorted(folder.glob("*.report.json"))]


def kept(drop: DropFolder, where: str, source: str = "counts") -> list[str]:
    return sorted(f.name for f in (drop.folder / source / where).iterdir() if not f.name.endswith(".report.json"))


def count(engine, table: str) -> int:
    with reading(engine) as connection:
        return connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


@pytest.mark.feature(49)
def test_a_file_is_taken_put_away_and_answered(drop, engine):
    file = lay(drop, "九月.csv", GOOD)
    assert [(v.source, v.file, v.outcome) for v in settled(drop)] == [("counts", "九月.csv", "taken")]
    assert not file.exists()
    assert kept(drop, "taken") == ["20261122T143208-九月.csv"]
    assert (drop.folder / "counts/taken/20261122T143208-九月.csv").read_bytes() == GOOD.encode("gb18030")
    report = reports(drop, "taken")[0]
    assert (report["outcome"], report["rows"], report["taken"], report["held"]) == ("taken", 2, 2, [])
    with reading(engine) as connection:
        call = calls_of(connection, "counts")[0]
    assert (call.door, call.origin, call.actor, call.id) == ("file", "九月.csv", "drop folder", report["call"])


@pytest.mark.feature(49)
def test_the_report_names_every_held_line(drop):
    lay(drop, "mixed.csv", MIXED)
    settled(drop)
    report = reports(drop, "taken")[0]
    assert report["outcome"] == "partial"
    assert report["taken"] + report["unchanged"] + report["quarantined"] == report["rows"]
    held = {entry["line"]: entry["reasons"][0] for entry in report["held"]}
    assert "SUN-01" in held[5]["message"]
    assert held[6]["check"] == "future"
    assert all(reason["message"] for reason in held.values())


def test_a_file_that_is_still_being_written_is_waited_for(drop, engine):
    file = lay(drop, "slow.csv", GOOD[:40])
    assert drop.scan() == []
    for _ in range(3):
        with file.open("ab") as opened:
            opened.write(b"\n")
        assert drop.scan() == []
    assert count(engine, "calls") == 0
    file.write_bytes(GOOD.encode())
    assert [v.outcome for v in settled(drop)] == ["taken"]


def test_a_file_of_the_same_size_that_was_touched_is_waited_for(drop):
    file = lay(drop, "a.csv", GOOD)
    drop.scan()
    os.utime(file, ns=(1, 1))
    assert drop.scan() == []
    assert [v.outcome for v in drop.scan()] == ["taken"]


@pytest.mark.parametrize("name", [".hidden.csv", "~$月报.xlsx", "a.csv.part", "b.xlsx.TMP", "c.crdownload"])
def test_unfinished_names_are_left_alone(drop, name):
    file = lay(drop, name, GOOD)
    assert settled(drop) == []
    assert file.exists()


@pytest.mark.feature(49)
def test_the_same_bytes_again_are_noted_not_taken(drop, engine):
    lay(drop, "first.csv", GOOD)
    settled(drop)
    before = count(engine, "calls")
    lay(drop, "again.csv", GOOD)
    assert [v.outcome for v in settled(drop)] == ["unchanged"]
    assert count(engine, "calls") == before
    noted = [report for report in reports(drop, "taken") if report["file"] == "again.csv"]
    assert noted[0]["note"] == "与以前收到的文件完全相同，未重复入库"
    assert len(kept(drop, "taken")) == 2


def test_two_files_of_one_name_in_one_second_are_both_kept(drop):
    lay(drop, "a.csv", GOOD)
    settled(drop)
    lay(drop, "a.csv", GOOD.replace("7.5", "8.5"))
    settled(drop)
    assert kept(drop, "taken") == ["20261122T143208-a-2.csv", "20261122T143208-a.csv"]
    assert len(reports(drop, "taken")) == 2


@pytest.mark.feature(42)
def test_a_file_nobody_can_read_is_refused_and_counts_as_a_failure(drop, engine):
    lay(drop, "photo.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    assert [v.outcome for v in settled(drop)] == ["refused"]
    assert len(kept(drop, "refused")) == 1
    assert reports(drop, "refused")[0]["error"]
    with reading(engine) as connection:
        assert [call.outcome for call in calls_of(connection, "counts")] == ["failed"]
        assert versions(connection)["sources"] > 0


def test_a_folder_that_is_no_source(drop, engine):
    lay(drop, "a.csv", GOOD, source="count")
    assert [v.outcome for v in settled(drop)] == ["refused"]
    assert "您是否想填“counts”" in reports(drop, "refused", "count")[0]["error"]
    assert count(engine, "calls") == 0


def test_links_out_of_the_folder_are_not_followed(drop, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text(GOOD)
    lay(drop, "a.csv", GOOD)
    (drop.folder / "counts" / "link.csv").symlink_to(secret)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "b.csv").write_text(GOOD)
    (drop.folder / "desk").symlink_to(elsewhere)
    assert [v.file for v in settled(drop)] == ["a.csv"]
    assert secret.exists()
    assert (elsewhere / "b.csv").exists()


@pytest.mark.feature(42)
def test_a_database_that_is_down_leaves_the_file_lying(drop, engine, monkeypatch):
    file = lay(drop, "a.csv", GOOD)

    def down(*_, **__):
        raise OperationalError("INSERT", {}, Exception("server closed the connection"))

    with monkeypatch.context() as broken:
        broken.setattr("indicators.drop.take_file", down)
        with pytest.raises(OperationalError):
            settled(drop)
    assert file.exists()
    assert [v.outcome for v in settled(drop)] == ["taken"]


def test_killed_between_taking_and_putting_away(drop, engine, monkeypatch):
    """The store has it, the file still lies there: the next scan notes it as known."""
    lay(drop, "a.csv", GOOD)

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("indicators.drop.report_of", killed)
        with pytest.raises(KeyboardInterrupt):
            settled(drop)
    successor = DropFolder(drop.folder, engine, lambda: CATALOGUE, lambda: NOW + timedelta(minutes=1))
    assert [v.outcome for v in settled(successor)] == ["unchanged"]
    assert count(engine, "observations") == 2


def test_the_oldest_file_is_taken_first(drop):
    newer, older = lay(drop, "a.csv", GOOD), lay(drop, "b.csv", GOOD.replace("7.5", "9.5"))
    os.utime(newer, ns=(2 * 10**18, 2 * 10**18))
    os.utime(older, ns=(1 * 10**18, 1 * 10**18))
    assert [v.file for v in settled(drop)] == ["b.csv", "a.csv"]
