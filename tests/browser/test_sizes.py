"""No text is cut off and nothing overlaps, on the screens the product is made for, in both looks."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

FAULTS = """() => {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const faults = [], said = (one) => one.textContent.slice(0, 24);
  const shown = (one) => one.getClientRects().length > 0 && getComputedStyle(one).visibility !== 'hidden';
  const cut = (one, look) => look.textOverflow !== 'ellipsis' && (
    (look.overflowX === 'hidden' && one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1) ||
    (look.overflowY === 'hidden' && one.clientHeight > 0 && one.scrollHeight > one.clientHeight + 2));
  document.querySelectorAll('body *').forEach((one) => {
    if (one.closest('svg') || one.closest('.unseen')) return;
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
  apart('a.t', 'b,span,.pv,.lt');
  apart('.mapbay', 'a.dl b,.city,.rule,.mapnote,.scale');
  apart('header.top', '.ti b,.ti span,.sample,.dh,.mode,nav.go,.ck');
  document.querySelectorAll('a.t b').forEach((one) => {
    if (one.scrollWidth > one.clientWidth + 1) faults.push(`name cut ${said(one)}`);
  });
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth + 1) faults.push(`page wider than screen: ${wide}`);
  return faults;
}"""
LIGHT = "localStorage.setItem('scheme', 'light')"


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1366, 768), (3840, 2160), (1440, 900), (5760, 1080)])
@pytest.mark.parametrize("look", ["dark", "light"])
def test_the_wall_fits(running_product, browse, width: int, height: int, look: str) -> None:
    watched = browse(running_product.url, width, height, before=LIGHT if look == "light" else "")
    page = watched.page
    watched.settled()
    assert page.evaluate("document.documentElement.dataset.scheme") == look
    assert page.evaluate(FAULTS) == []
    if width / height > 1.7 and width >= 1920:
        assert page.evaluate("document.documentElement.scrollHeight") <= height + 1, "a wall does not scroll"
    watched.is_clean()


@pytest.mark.parametrize("path", ["/theme/environment", "/indicator/GOV-01", "/sources", "/entry"])
@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1366, 768)])
def test_the_other_pages_fit(running_product, browse, path: str, width: int, height: int) -> None:
    watched = browse(running_product.url + path, width, height)
    watched.settled()
    assert watched.page.evaluate(FAULTS) == []
    watched.is_clean()
