"""What the desk has put on a wall: one row per screen."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, String, Table

from database.moments import Moment
from database.tables import metadata

screen_views = Table(
    "screen_views",
    metadata,
    Column("screen", BigInteger, primary_key=True, autoincrement=False, comment="number of the screen's token"),
    Column("path", String(300), nullable=False, comment="address within the product"),
    Column("by", String(120), nullable=False, comment="who put it there, as the wall says"),
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False, comment="then the wall goes its own way again"),
)
