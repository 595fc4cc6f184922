"""Marks that the pages' own script puts on its requests; they say what the person did, never who it is."""

from __future__ import annotations

WROTE_HEADER = "X-Cockpit-Wrote"
"""This page changed something a moment ago: its panels are to show that, not the answer of before."""
