"""What runs in the confined child process: a plan and a file come in, readings go out as lines of JSON.

Imports are few and from the standard library, so that the child starts in well under a tenth of a second.
"""

from __future__ import annotations

import json
from typing import IO

from datasources.delivery.sheet import Refused, Sheet
from datasources.delivery.sheet_archive import kind_of, open_archive
from datasources.delivery.sheet_outcome import Outcome
from datasources.delivery.sheet_plan import Plan, plan_of
from datasources.delivery.sheet_readings import read_sheets
from datasources.delivery.sheet_text import read_text


def main(given: IO[bytes], out: IO[bytes]) -> None:
    """First line of `given`: the plan; the rest: the file. Last line of the answer: `done` or `refused`."""
    plan = plan_of(json.loads(given.readline()))
    outcome = Outcome(out, plan.max_readings)
    try:
        sheets = _sheets(given.read(), plan)
        names = read_sheets(sheets, plan, outcome)
        outcome.flush()
    except Refused as refusal:
        outcome.send("refused", str(refusal))
    else:
        ending = {"skipped": outcome.skipped, "lines": outcome.lines, "sheets": names, "note": sheets[0].note}
        outcome.send("done", ending)
    out.flush()


def _sheets(content: bytes, plan: Plan) -> list[Sheet]:
    if kind_of(content, plan.filename) == "text":
        return [read_text(content, "", encoding=plan.encoding, delimiter=plan.delimiter, max_columns=plan.max_columns)]
    from datasources.delivery.sheet_workbook import read_workbook  # the XML parser only where it is needed

    archive = open_archive(content, max_inflated=plan.max_inflated)
    return read_workbook(archive, plan.sheet, max_columns=plan.max_columns)
