"""What was found in a sheet, sent to the parent in batches: readings, rows given up on, lines that carry no reading."""

from __future__ import annotations

import json
from typing import IO, Any

from datasources.delivery.sheet import Refused

_BATCH = 2000
_MOST_LINES = 20_000
"""Line numbers kept per kind of line without reading; the count goes on."""


class Outcome:
    """Collects and sends; Refused if there is more than the plan allows."""

    def __init__(self, out: IO[bytes], most: int) -> None:
        self._out = out
        self._most = most
        self._readings: list[tuple[Any, ...]] = []
        self._raws: dict[int, str] = {}
        self._unreadable: list[tuple[int | None, str, str, str]] = []
        self.skipped: dict[str, int] = {}
        self.lines: dict[str, list[int]] = {}
        self.sent = 0

    def reading(self, *values: Any, raw: str) -> None:
        """One observation: fields of `Observation` up to basis, then the line that `raw` is the text of."""
        self._readings.append(values)
        self._raws[values[-1]] = raw
        if len(self._readings) >= _BATCH:
            self.flush()

    def unreadable(self, line: int | None, raw: str, message: str, check: str = "unreadable") -> None:
        """One reading, or row of readings, that could not be understood."""
        self._unreadable.append((line, raw[:500], message[:600], check))
        if len(self._unreadable) >= _BATCH:
            self.flush()

    def skip(self, kind: str, line: int) -> None:
        """A line (or, for `missing`, a cell) that carries no reading."""
        self.skipped[kind] = self.skipped.get(kind, 0) + 1
        kept = self.lines.setdefault(kind, [])
        if len(kept) < _MOST_LINES:
            kept.append(line)

    def flush(self) -> None:
        """Send what has come together."""
        self.sent += len(self._readings) + len(self._unreadable)
        if self.sent + self.skipped.get("missing", 0) > self._most:
            raise Refused(f"文件里的数据超过 {self._most} 个。请分成几个文件上传，或请管理员调高上限。")
        if self._readings:
            self.send("readings", [self._readings, self._raws])
            self._readings, self._raws = [], {}
        if self._unreadable:
            self.send("unreadable", self._unreadable)
            self._unreadable = []

    def send(self, what: str, body: object) -> None:
        """One line of JSON."""
        self._out.write(
            json.dumps([what, body], ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"
        )
