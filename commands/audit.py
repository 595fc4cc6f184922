"""What `manage.py audit` and `manage.py reseal` do."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from access.actor import LOOPBACK
from access.anchor import AnchorFile, anchor
from access.audit import record
from access.audit_retention import TooShort, let_go
from access.audit_rows import Wanted, every
from access.audit_sheet import HEADINGS, cells
from access.audit_verify import review
from access.sealing import SealingError
from access.spreadsheet_text import harmless
from database.engine import reading, writing
from database.schema import metadata
from database.sealed import reseal, sealed_columns
from settings import Settings, SettingsRefused

CITY_TIME = ZoneInfo("Asia/Shanghai")


def verify(settings: Settings, engine: Engine, wish: argparse.Namespace) -> int:
    """Follow the whole record; every finding on a line, the first bad row at the end."""
    report = review(engine, settings.keyring(), AnchorFile(settings.audit_anchor), settings.now())
    for finding in report.findings:
        print(finding.message)
    if report.is_sound:
        print(f"审计记录完整：{report.rows} 条，库外锚定 {report.anchors} 次，未发现改动")
        return 0
    first = report.first_bad_row
    print(f"发现 {len(report.findings)} 处问题" + (f"，最早的有问题记录：{first}" if first is not None else ""))
    return 1


def pin(settings: Settings, engine: Engine, wish: argparse.Namespace) -> int:
    """Append the present heads to the anchor file now."""
    made = anchor(engine, AnchorFile(settings.audit_anchor), settings.keyring(), settings.now())
    print(f"已锚定到 {settings.audit_anchor}（共 {made.rows} 条）" if made else "自上次锚定以来没有新记录")
    return 0


def export(settings: Settings, engine: Engine, wish: argparse.Namespace) -> int:
    """All rows of a span as CSV with their hashes; the export itself is recorded first."""
    wanted = Wanted(since=_day(wish.since, "--since"), until=_day(wish.until, "--until"))
    with writing(engine) as connection:
        told = {"since": wish.since, "until": wish.until, "file": wish.output}
        record(connection, by=LOOPBACK, action="audit.export", object="audit", detail=told, now=settings.now())
    with reading(engine) as connection:
        rows = every(connection, LOOPBACK, wanted, most=sys.maxsize)
        lines = [[harmless(cell) for cell in cells(row)] for row in rows]
    _write(lines, wish.output)
    return 0


def _write(lines: list[list[str]], output: str | None) -> None:
    def put(opened: TextIO) -> None:
        writer = csv.writer(opened)
        writer.writerow(HEADINGS)
        writer.writerows(lines)

    if output is None:
        put(sys.stdout)
        return
    with Path(output).open("w", encoding="utf-8-sig", newline="") as opened:
        put(opened)
    print(f"{output}：{len(lines)} 条")


def shorten(settings: Settings, engine: Engine, wish: argparse.Namespace) -> int:
    """Let go what is older than --days; refused under 180."""
    if wish.days is None:
        raise SettingsRefused("audit let-go 需要 --days N（不少于 180）")
    try:
        gone = let_go(
            engine, settings.keyring(), keep=timedelta(days=wish.days), by=LOOPBACK, now=settings.now()
        )  # fmt: skip
    except TooShort as refused:
        print(refused, file=sys.stderr)
        return 1
    print(f"已清理 {gone} 条早于 {wish.days} 天的审计记录，链已加封，仍可校验")
    return 0


ACTS: Mapping[str, Callable[[Settings, Engine, argparse.Namespace], int]] = {
    "verify": verify,
    "anchor": pin,
    "export": export,
    "let-go": shorten,
}


def reseal_everything(settings: Settings, engine: Engine) -> int:
    """Every sealed column, some hundred rows to a transaction; may be stopped and started again."""
    renewed = 0
    for column in sealed_columns(metadata):
        after: tuple[object, ...] | None = ()
        while after is not None:
            try:
                with writing(engine) as connection:
                    count, after = reseal(connection, column, after or None)
            except SealingError as trouble:
                print(f"{column.table.name}.{column.name}: {trouble}", file=sys.stderr)
                return 1
            renewed += count
    with writing(engine) as connection:
        told = {"values": renewed, "provider": settings.crypto}
        record(
            connection, by=LOOPBACK, action="personal.reseal", object="sealed columns", detail=told, now=settings.now()
        )
    print(f"已用 {settings.crypto} 算法和当前密钥重新加密 {renewed} 处")
    return 0


def _day(text: str | None, name: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=CITY_TIME)
    except ValueError:
        raise SettingsRefused(f"{name} {text}：应为日期，例如 2026-11-01") from None
