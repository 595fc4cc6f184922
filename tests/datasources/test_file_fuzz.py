"""Whatever the bytes: readings, unreadable rows and counted lines, or a refusal in words; never an accident."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasources.delivery.observation import SourceFailed
from datasources.delivery.sheet_process import main
from file_reading import FIXTURES, NAMES, UNITS, lines_accounted_for, take, told

pytestmark = pytest.mark.feature(49)

WIDE = {
    "layout": "wide",
    "region": {"column": "地区"},
    "period": {"title": True},
    "columns": {"规模以上工业增加值/{ytd}": "ECO-07", "企业数": "IND-01"},
}
REGIONS = sorted(name for name in NAMES if name.endswith(("区", "县", "市")))


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader itself, without a process of its own for each of thousands of files: an accident is seen here."""

    def answers(_entry: str, payload: list[bytes], _limits: object) -> Iterator[bytes]:
        out = io.BytesIO()
        main(io.BytesIO(b"".join(payload)), out)
        return iter(out.getvalue().splitlines(keepends=True))

    monkeypatch.setattr("datasources.file.answers", answers)


def read_or_refuse(content: bytes, name: str, **settings: object) -> None:
    try:
        delivery = take(content, name, **settings)
    except SourceFailed as refusal:
        assert str(refusal).startswith(f"{name}：")
        assert str(refusal).endswith("。")
        return
    assert delivery.rows == len(delivery.observations) + len(delivery.unreadable)
    assert all(one.message and len(one.raw) <= 500 for one in delivery.unreadable)


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, cut, doubled, swapped or filled with what hurts."""
    body = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(body)) if body else 0
        match chance.randrange(6):
            case 0:
                body[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del body[at : at + chance.randint(1, 40)]
            case 2:
                body[at:at] = body[at : at + chance.randint(1, 200)]
            case 3:
                body[at:at] = chance.choice(
                    [b"\0", b'"', b"\r", b"\xff\xfe", b",,,,", "①".encode("gbk"), b"9" * 400, b"\n\n"]
                )
            case 4:
                del body[at:]
            case _:
                body[at : at + 2] = body[at : at + 2][::-1]
    return bytes(body)


def test_five_hundred_damaged_files_never_cause_an_accident() -> None:
    chance = random.Random(4451)
    names = ["good.csv", "nasty_gbk.csv", "malformed.csv", "good.xlsx", "nasty.xlsx"]
    for _ in range(100):
        for name in names:
            content = damaged((FIXTURES / name).read_bytes(), chance)
            read_or_refuse(content, name, **(WIDE if name == "nasty.xlsx" else {}))


def test_two_hundred_workbooks_with_damaged_parts_never_cause_an_accident() -> None:
    """Damage inside the archive, where a damaged file would only be a broken archive."""
    chance = random.Random(4452)
    with zipfile.ZipFile(FIXTURES / "nasty.xlsx") as good:
        parts = {name: good.read(name) for name in good.namelist()}
    for _ in range(200):
        out = io.BytesIO()
        hurt = chance.choice(sorted(parts))
        with zipfile.ZipFile(out, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, damaged(content, chance) if name == hurt else content)
        read_or_refuse(out.getvalue(), "nasty.xlsx", **WIDE)


@given(st.binary(max_size=3000), st.sampled_from(["a.csv", "a.xlsx", "a.txt"]))
def test_random_bytes(content: bytes, name: str) -> None:
    read_or_refuse(content, name)


@given(
    st.lists(
        st.lists(st.text(max_size=12) | st.sampled_from([*REGIONS, *UNITS, "2026-09", "1-9月", "—", "1.5"]), max_size=8)
    ),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
)
def test_random_tables_under_the_template(rows: list[list[str]], encoding: str) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["指标", "地区", "时期", "数值"], *rows])
    read_or_refuse(out.getvalue().encode(encoding, "surrogatepass" if "utf" in encoding else "replace"), "a.csv")


READINGS = st.lists(
    st.tuples(
        st.sampled_from(["ECO-06", "ECO-08", "IND-01"]),
        st.sampled_from(REGIONS),
        st.tuples(st.integers(2000, 2030), st.integers(1, 12)),
        st.floats(-1e12, 1e12, allow_nan=False),
    ),
    min_size=1,
    max_size=20,
)


@given(
    READINGS,
    st.sampled_from(["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"]),
    st.sampled_from(",\t;|"),
    st.booleans(),
)
@settings(max_examples=150)
def test_what_was_written_is_what_is_read(readings, encoding: str, delimiter: str, windows: bool) -> None:
    """parse(format(x)) == x, whatever the encoding, the separator and the line ends."""
    out = io.StringIO(newline="")
    sheet = csv.writer(out, delimiter=delimiter, lineterminator="\r\n" if windows else "\n")
    sheet.writerow(["指标编码", "地区", "时期", "数值", "备注"])
    sheet.writerows(
        [code, region, f"{y}年{m}月", repr(value), "䶮，\n备注"] for code, region, (y, m), value in readings
    )
    delivery = take(out.getvalue().replace("䶮", "龚" if encoding == "gbk" else "䶮").encode(encoding))
    assert told(delivery) == [(code, NAMES[region], f"{y}-{m:02d}", value) for code, region, (y, m), value in readings]


@given(
    st.lists(
        st.sampled_from([b"ECO-06,\xcf\xe6\xc7\xc5\xc7\xf8,2026-09,1", b"\xff\xff\xff,1", b"", b"a,b", b"\x81"]),
        max_size=30,
    )
)
def test_every_line_is_accounted_for_even_if_damaged(lines: list[bytes]) -> None:
    content = b"\n".join(["指标,地区,时期,数值".encode("gbk"), *lines]) + b"\n"
    delivery = take(content)
    assert lines_accounted_for(delivery) == set(range(1, len(lines) + 2))
