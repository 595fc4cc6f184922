"""What every channel to phones and groups may be told in departments.yaml: when, how often, of what, in whose place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from access.personal import mask_text

CITY_TIME = ZoneInfo("Asia/Shanghai")
URGENT = (1, 2)
"""Red and orange: told at any hour, before what waits."""
NAMED = r"^[A-Z][A-Z0-9_]{2,60}$"
QUIET = r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$"


class Terms(BaseModel):
    """Options that all of these channels share."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seconds: float = Field(default=5.0, gt=0, le=30, description="patience with the service")
    per_minute: int = Field(
        default=20, ge=1, le=600, description="at most so many messages a minute, as the service allows"
    )
    quiet: str | None = Field(
        default=None, pattern=QUIET, description="22:00-07:00: only red and orange in these hours"
    )
    levels: tuple[int, ...] = Field(default=(0, 1, 2, 3, 4), description="levels that are told by this way")
    notices: Literal["none", "own", "all"] = Field(
        default="none", description="warnings and response levels: of this unit, or all of them"
    )
    backup_of: str | None = Field(default=None, description="kind of the channel in whose place it speaks")
    after: int = Field(
        default=10, ge=1, le=1440, description="minutes after which the first way counts as not received"
    )


def terms_of(spec: type[BaseModel] | None, options: Mapping[str, Any]) -> Terms:
    """The terms of a channel: as written, else as its Spec has them; of one without terms: any time, any level."""
    fields = {} if spec is None else spec.model_fields
    known = {name: fields[name].default for name in Terms.model_fields if name in fields}
    given = {name: value for name, value in options.items() if name in Terms.model_fields and name in fields}
    try:
        return Terms.model_validate(known | given)
    except ValidationError:  # the channel itself says what is wrong when it is asked to send
        return Terms()


def quiet_until(terms: Terms, level: int, now: datetime) -> datetime | None:
    """The end of the quiet hours a message of that level has to wait for; None if it may go."""
    if terms.quiet is None or level in URGENT:
        return None
    begin, end = (time.fromisoformat(part) for part in terms.quiet.split("-"))
    local = now.astimezone(CITY_TIME)
    clock = local.time()
    inside = begin <= clock < end if begin < end else clock >= begin or clock < end
    if not inside:
        return None
    ends = local.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
    return (ends if ends > local else ends + timedelta(days=1)).astimezone(now.tzinfo)


def plain(text: str) -> str:
    """Without personal data, and without what markdown or a mention would read into it."""
    return "".join(" " if sign in "*_`[]()<>@#\n\r" else sign for sign in mask_text(text))
