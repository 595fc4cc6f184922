"""What every screen must hold, asked inside the page: nothing cut or covered, large enough to touch, readable by all.

Shared by the gate (tests/browser) and by `make shots` (tests/shots.py).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

AXE = Path(__file__).resolve().parent / "vendor" / "axe-core-4.14.1.min.js"
"""axe-core, MPL-2.0, licence beside it; only tests load it."""

FAULTS = """() => {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const faults = [], said = (one) => one.textContent.trim().slice(0, 24);
  const shown = (one) => one.getClientRects().length > 0 && getComputedStyle(one).visibility !== 'hidden';
  const cut = (one, look) => look.textOverflow !== 'ellipsis' && (
    (look.overflowX === 'hidden' && one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1) ||
    (look.overflowY === 'hidden' && one.clientHeight > 0 && one.scrollHeight > one.clientHeight + 2));
  document.querySelectorAll('body *').forEach((one) => {
    if (one.closest('svg,.unseen,.leaflet-container,.mapbay,.cbay')) return;
    if (cut(one, getComputedStyle(one))) faults.push(`cut ${one.className}: ${said(one)}`);
  });
  const covers = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > rem / 8
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > rem / 4;
  const apart = (group, parts) => document.querySelectorAll(group).forEach((whole) => {
    const all = [...whole.querySelectorAll(parts)].filter(shown);
    all.forEach((one, index) => all.slice(index + 1).forEach((other) => {
      if (one.contains(other) || other.contains(one)) return;
      if (covers(one.getBoundingClientRect(), other.getBoundingClientRect()))
        faults.push(`overlap in ${group}: "${said(one)}" "${said(other)}"`);
    }));
  });
  apart('.k', '.nm,.v b,.v u,.mt,.d');
  apart('.kc', '.nm,.mut,.v b,.v u,.sub');
  apart('a.t', 'b,span,.pv,.lt');
  apart('.mapbay', 'a.dl b,.city,.rule,.mapnote,.scale');
  apart('header.top', '.ti b,.ti span,.sample,.dh,.mode,nav.go,.find,.scheme,.ck,.crumbs');
  apart('.pf', '.nm,.n,.d,.mut');
  apart('.rows a', 'b,.n,.mut,.d');
  document.querySelectorAll('a.t b').forEach((one) => {
    if (shown(one) && one.scrollWidth > one.clientWidth + 1) faults.push(`name cut ${said(one)}`);
  });
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth + 1) faults.push(`page wider than screen: ${wide}`);
  return faults;
}"""

SMALL = """() => [...document.querySelectorAll('a[href],button,input,select')].filter((one) => {
  const box = one.getBoundingClientRect();
  return box.width > 0 && (box.height < 43.5 || box.width < 43.5);
}).map((one) => {
  const box = one.getBoundingClientRect();
  return `${one.textContent.trim().slice(0, 16)} ${Math.round(box.width)}×${Math.round(box.height)}`;
})"""
"""Targets a finger cannot hit: under 44 px."""

# A row's spoken name says in full words what the row shows in seals and short forms (docs/decisions/038): the one rule
# left out asks for the short forms themselves.
_AXE_RUN = """async () => {
  const runOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];
  const rules = { 'label-content-name-mismatch': { enabled: false } };
  const { violations } = await axe.run(document, { resultTypes: ['violations'], runOnly, rules });
  const where = (node) => `${node.target.join(' ')} ${(node.any[0] ? node.any[0].message : '').slice(0, 160)}`;
  return violations.filter((one) => ['serious', 'critical'].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes.slice(0, 4).map(where).join(' | ')} [${one.nodes.length}]`);
}"""


def serious(page: Any) -> list[str]:
    """Serious and critical findings of axe-core on the page as it stands; its context must bypass the pages' policy."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(_AXE_RUN)
    return found
