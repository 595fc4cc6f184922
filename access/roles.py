"""The roles of this installation and their laws: who may give what, and which rights must not meet in one person."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from access.rights import ACTING, RIGHTS
from access.role import ACTING_WORD, OutsideGroup, Role, Separation
from access.territory import Level, Territory

Path = tuple[str | int, ...]
OPERATOR = "operator"
"""Whoever works with manage.py on the machine: gives any role, bound by the separations like all others."""


@dataclass(frozen=True)
class Roles:
    """All roles by key, in the order of the file, and what must not meet."""

    version: str
    roles: Mapping[str, Role]
    separations: tuple[Separation, ...]
    groups: tuple[OutsideGroup, ...] = ()

    def rights_of(self, roles: Iterable[str]) -> frozenset[str]:
        """All rights of these roles together. A role that is gone from the file gives none."""
        known = (self.roles[key] for key in roles if key in self.roles)
        return frozenset(right for role in known for right in role.rights)

    def clash(self, roles: Iterable[str]) -> Separation | None:
        """The first law that one person holding all of these roles would break."""
        held = self.rights_of(roles)
        return next((law for law in self.separations if _breaks(law, held)), None)

    def gives(self, giver: str, level: Level) -> frozenset[str]:
        """The roles that holders of `giver` at `level` may give and take."""
        if giver == OPERATOR:
            return frozenset(key for key, role in self.roles.items() if role.kind == "person")
        role = self.roles.get(giver)
        return frozenset(role.gives.get(level, ())) if role else frozenset()

    def of_kind(self, kind: str) -> list[Role]:
        """The roles for persons, screens or programs."""
        return [role for role in self.roles.values() if role.kind == kind]

    @cached_property
    def order(self) -> Mapping[str, int]:
        """The place of each role in the file: of several, a person starts in the first."""
        return {key: place for place, key in enumerate(self.roles)}


def expanded(words: Iterable[str]) -> frozenset[str]:
    """The rights that the words of a separation stand for."""
    return frozenset(right for word in words for right in (ACTING if word == ACTING_WORD else {word}))


def _breaks(law: Separation, held: frozenset[str]) -> bool:
    return bool(held & expanded(law.one)) and bool(held & expanded(law.other))


RECORD = "audit.view"


@dataclass(frozen=True)
class Draft:
    """The entries of roles.yaml whose shape is right, each with its place in the file.

    `names` are the keys of all roles, of those too whose shape is wrong.
    """

    roles: Sequence[tuple[Path, Role]]
    separations: Sequence[tuple[Path, Separation]]
    groups: Sequence[tuple[Path, OutsideGroup]]
    names: Collection[str]


def problems(draft: Draft, territory: Territory) -> Iterator[tuple[Path, str]]:
    """What makes no sense in entries of the right shape: where, and what to do about it."""
    laws = [law for _, law in draft.separations]
    for path, role in draft.roles:
        yield from _role_problems(role, path, draft.names)
        broken = next((law for law in laws if _breaks(law, frozenset(role.rights))), None)
        if broken:
            yield (*path, "rights"), f"违反“{broken.key}”：{broken.words}"
    for path, law in draft.separations:
        yield from _unknown_rights(law.one, (*path, "one"), {ACTING_WORD})
        yield from _unknown_rights(law.other, (*path, "other"), {ACTING_WORD})
    if not any(_keeps_record_apart(law) for law in laws):
        yield ("separations",), f"必须有一条把 {ACTING_WORD} 与 {RECORD} 分开：能操作的人不能同时管审计记录"
    by_key = {role.key: role for _, role in draft.roles}
    for path, group in draft.groups:
        yield from _group_problems(group, path, by_key, territory)


def _role_problems(role: Role, path: Path, names: Collection[str]) -> Iterator[tuple[Path, str]]:
    yield from _unknown_rights(role.rights, (*path, "rights"), set())
    for level, given in role.gives.items():
        if level not in role.levels:
            yield (*path, "gives", level), f"本角色没有 {level} 这一级"
        for place, key in enumerate(given):
            if key not in names:
                yield (*path, "gives", level, place), f"没有名为“{key}”的角色"
    if role.gives and "users.grant" not in role.rights:
        yield (*path, "gives"), "没有 users.grant 权限的角色不能授予角色"
    if role.kind != "person" and (role.gives or role.second_factor):
        yield path, "大屏和程序的角色不能授予角色，也没有第二因素"


def _unknown_rights(words: Sequence[str], path: Path, beside: Collection[str]) -> Iterator[tuple[Path, str]]:
    for place, word in enumerate(words):
        if word not in RIGHTS and word not in beside:
            yield (*path, place), f"没有“{word}”这项权限"
        if word in words[:place]:
            yield (*path, place), f"“{word}”重复"


def _keeps_record_apart(law: Separation) -> bool:
    """The law that cannot be configured away: who acts does not keep the record of it (GB/T 22239-2019 8.1.4.2)."""
    one, other = expanded(law.one), expanded(law.other)
    return (one >= ACTING and RECORD in other) or (other >= ACTING and RECORD in one)


def _group_problems(
    group: OutsideGroup, path: Path, roles: Mapping[str, Role], territory: Territory
) -> Iterator[tuple[Path, str]]:
    role = roles.get(group.role)
    if role is None or role.kind != "person":
        yield (*path, "role"), f"没有名为“{group.role}”的人员角色"
        return
    for key, message in place_problems(role, group.region, group.department, territory):
        yield (*path, key), message


def place_problems(role: Role, region: str, department: str, territory: Territory) -> Iterator[tuple[str, str]]:
    """Why `role` cannot be held there: the field that is wrong, and what is wrong with it."""
    if region not in territory.kinds:
        yield "region", f"没有区域代码“{region}”"
    elif territory.level(region) not in role.levels:
        yield "region", f"“{role.name}”不能授在{territory.names[region]}这一级"
    if role.of_department != bool(department):
        yield "department", f"“{role.name}”必须写明单位" if role.of_department else f"“{role.name}”不分单位"
    elif department and department not in territory.departments:
        yield "department", f"没有名为“{department}”的单位"
