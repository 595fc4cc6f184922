"""How often pages are looked at: counts by day, page and role. No names, no addresses, no regions."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table

from database.tables import metadata

page_views = Table(
    "page_views",
    metadata,
    Column("day", String(10), primary_key=True, comment="of the city's calendar, 2026-11-22"),
    Column("page", String(120), primary_key=True, comment="address with its variables open: /theme/<theme_id>"),
    Column("role", String(40), primary_key=True, comment="role of who looked"),
    Column("views", Integer, nullable=False),
)
