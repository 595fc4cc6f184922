"""roles.yaml read like the catalogue: every problem at once, with file and line."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from access.role import OutsideGroup, Role, RolesHead, Separation
from access.roles import Draft, Roles, problems
from access.territory import Territory
from indicators.catalogue import PRODUCT, content_of
from indicators.draft import Sheet, entries_of, head_of, names_of
from indicators.problems import CatalogueErrors, Problem

ROLES = "roles.yaml"
_LISTS = ("roles", "separations", "groups")


def load(folder: Path, territory: Territory) -> Roles:
    """The roles in a folder, the product's own where it has none. CatalogueErrors tells all problems at once."""
    written = folder / ROLES
    return parse(content_of(written if written.exists() else PRODUCT / ROLES), territory)


def parse(content: bytes | None, territory: Territory) -> Roles:
    """The roles written in these bytes; CatalogueErrors for anything wrong in them."""
    sheet = Sheet.read(ROLES, content or b"")
    draft = _draft(sheet)
    for path, message in problems(draft, territory) if sheet.document.root is not None else ():
        sheet.report(path, message)
    if sheet.problems or content is None:
        raise CatalogueErrors(sheet.problems or [Problem(ROLES, 1, "", "找不到或读不了这个文件")])
    return Roles(
        sha256(content).hexdigest()[:12],
        {role.key: role for _, role in draft.roles},
        tuple(law for _, law in draft.separations),
        tuple(group for _, group in draft.groups),
    )


def _draft(sheet: Sheet) -> Draft:
    head_of(sheet, RolesHead, _LISTS)
    roles = entries_of(sheet, "roles", Role)
    laws = entries_of(sheet, "separations", Separation)
    groups = [sheet.shaped(OutsideGroup, value, ("groups", at)) for at, value in enumerate(sheet.section("groups"))]
    names_of(sheet, "separations")
    return Draft(
        [(placed.path, placed.entry) for placed in roles.values()],
        [(placed.path, placed.entry) for placed in laws.values()],
        [(placed.path, placed.entry) for placed in groups if placed],
        names_of(sheet, "roles").keys(),
    )
