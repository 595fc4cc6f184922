"""Files that mean harm, or are not what their name says: refused quickly, with words, and the server untouched."""

from __future__ import annotations

import io
import resource
import struct
import threading
import time
import zipfile
import zlib
from collections.abc import Callable

import pytest

from datasources.delivery.observation import SourceFailed
from file_reading import FIXTURES, take

pytestmark = pytest.mark.feature(49)

GOOD = (FIXTURES / "good.xlsx").read_bytes()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
SHEET = "xl/worksheets/sheet1.xml"
HEAD = '<?xml version="1.0"?><worksheet xmlns="main"><sheetData>'
TAIL = "</sheetData></worksheet>"


def workbook(changes: dict[str, bytes | str | None] | None = None, **more: bytes) -> bytes:
    """The good workbook with parts replaced, added or (None) taken away."""
    changed = {**(changes or {}), **more}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = changed.pop(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
        for name, content in changed.items():
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


def with_rows(*rows: str) -> bytes:
    return workbook({SHEET: HEAD + "".join(rows) + TAIL})


def encrypted_entry() -> bytes:
    content = bytearray(workbook())
    content[6] |= 1
    central = content.find(b"PK\x01\x02")
    content[central + 8] |= 1
    return bytes(content)


def overlapping_bomb() -> bytes:
    """Many directory entries that share one compressed block of zeros (David Fifield, A better zip bomb)."""
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = squeezer.compress(bytes(10**7)) + squeezer.flush()
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 0, 0, len(block), 10**7, 8, 0) + b"xl/a.xml" + block
    directory = b"".join(
        struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, 0, len(block), 10**7, 8, 0, 0, 0, 0, 0, 0)
        + b"xl/%c%c%c%c%c" % tuple(f"{n:05d}".encode())
        for n in range(1000)
    )
    return local + directory + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1000, 1000, len(directory), len(local), 0)


def seconds_spent() -> float:
    """Processor seconds so far, of this thread and of the children that ended: the clock of a busy test machine proves
    nothing, nor do the other threads that earlier tests of this process left at work."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.thread_time() + children.ru_utime + children.ru_stime


BINARY = bytes(range(256)) * 16 + bytes(500)
ENTITIES = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
)
ATTACKS: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "old excel": ("a.xls", lambda: OLE, "旧式 Excel"),
    "old excel named xlsx": ("a.xlsx", lambda: OLE, "旧式 Excel"),
    "password": ("a.xlsx", lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
    "encrypted entries": ("a.xlsx", encrypted_entry, "密码"),
    "macros": ("a.xlsx", lambda: workbook({"xl/vbaProject.bin": b"x"}), "宏"),
    "macro workbook": ("a.xlsm", lambda: GOOD, "不支持“.xlsm”"),
    "external links": ("a.xlsx", lambda: workbook({"xl/externalLinks/externalLink1.xml": b"<x/>"}), "引用了其他文件"),
    "embedded objects": ("a.xlsx", lambda: workbook({"xl/embeddings/oleObject1.bin": b"x"}), "内嵌"),
    "zip in zip": ("a.xlsx", lambda: workbook({"xl/media/more.zip": GOOD}), "套着其他文件"),
    "path outside": ("a.xlsx", lambda: workbook({"xl/../../../etc/cron.d/x": b"x"}), "路径不合法"),
    "zip bomb": ("a.xlsx", lambda: workbook({SHEET: HEAD + " " * 3 * 10**8 + TAIL}), "超过上限 100 MB"),
    "overlapping bomb": ("a.xlsx", overlapping_bomb, "超过上限|首尾"),
    "quiet bomb": ("a.xlsx", lambda: with_rows('<row><c t="inlineStr"><is><t>' + "x" * 9 * 10**7), "个字的单元格"),
    "a million columns": ("a.xlsx", lambda: with_rows('<row r="1"><c r="BDWGN1"><v>1</v></c></row>'), "超过 512 列"),
    "a million cells": ("a.xlsx", lambda: with_rows("<row>" + "<c><v>1</v></c>" * 10**6 + "</row>"), "超过 512 列"),
    "a million sheets": (
        "a.xlsx",
        lambda: workbook({"xl/workbook.xml": "<workbook><sheets>" + '<sheet name="a" r:id="rId1"/>' * 10**6}),
        "工作表超过 64 张|XML",
    ),
    "a million parts": ("a.xlsx", lambda: workbook({f"xl/p{n}.xml": b"" for n in range(3000)}), "3012 个部件|部件"),
    "billion laughs": ("a.xlsx", lambda: workbook({SHEET: ENTITIES + "]><worksheet>&j;</worksheet>"}), "DOCTYPE"),
    "outside entity": (
        "a.xlsx",
        lambda: workbook({SHEET: '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><worksheet>&x;</worksheet>'}),
        "DOCTYPE",
    ),
    "polyglot before": ("a.xlsx", lambda: b"PK\x03\x04 text,text\n" + GOOD, "首尾夹带|损坏"),
    "polyglot behind": ("a.xlsx", lambda: GOOD + b"<html>", "首尾夹带"),
    "csv named xlsx": ("a.xlsx", "地区,数值\n".encode, "内容却是文本"),
    "html named xlsx": ("a.xlsx", lambda: b"<html><table>", "网页"),
    "html named csv": ("a.csv", lambda: b"\n <!DOCTYPE html><html>", "网页"),
    "xlsx named csv": ("a.csv", lambda: GOOD, "压缩包或 XLSX"),
    "pdf named csv": ("a.csv", lambda: b"%PDF-1.7", "PDF"),
    "program": ("a.exe", lambda: b"MZ\x90\0", "不支持"),
    "no ending": ("readings", lambda: b"a,b", "不支持"),
    "zip named xlsx": ("a.xlsx", lambda: workbook({"xl/workbook.xml": None}), "没有工作簿"),
    "empty": ("a.csv", lambda: b"", "空的"),
    "blank": ("a.csv", lambda: b"\r\n \r\n", "空的"),
    "binary csv": ("a.csv", lambda: BINARY, "不是文本"),
    "one long line": ("a.csv", lambda: b"x" * (9 * 10**6), "找不到表头"),
    "columns in csv": ("a.csv", lambda: b"," * 10**6, "超过 512 列|空的"),
    "quotes without end": ("a.csv", lambda: b'"a\n' * 200_000, "找不到表头"),
    "too large": ("a.csv", lambda: b"a,b\n" * (3 * 10**6), "超过上限 10 MB"),
    "too many rows": ("a.csv", ("指标,地区,时期,数值\n" + "x,x,x,1\n" * 100_001).encode, "超过 100000 行"),
}


@pytest.mark.usefixtures("own_heap")
@pytest.mark.parametrize("attack", ATTACKS)
def test_a_hostile_file_is_refused_in_two_seconds(attack: str) -> None:
    name, build, reason = ATTACKS[attack]
    content = build()
    threads, before = threading.active_count(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = seconds_spent()
    with pytest.raises(SourceFailed, match=reason) as refusal:
        take(content, name)
    assert seconds_spent() - started < 2.0
    assert refusal.value.permanent
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # kB
    assert threading.active_count() == threads


def test_a_formula_injection_stays_text() -> None:
    content = '指标,地区,时期,数值\n"=HYPERLINK(""x"")",湘桥区,2026-09,1\nECO-06,湘桥区,2026-09,=1+1\n'
    delivery = take(content)
    assert delivery.observations == []
    assert [one.check for one in delivery.unreadable] == ["unknown_name", "unreadable"]


def test_more_readings_than_agreed_are_refused() -> None:
    rows = "".join(f"ECO-06,湘桥区,2026-{n:02d},{n}\n" for n in range(1, 13))
    assert take(f"指标,地区,时期,数值\n{rows}", max_readings=12).rows == 12
    with pytest.raises(SourceFailed, match="超过 11 个"):
        take(f"指标,地区,时期,数值\n{rows}", max_readings=11)
