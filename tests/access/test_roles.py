"""roles.yaml: everything wrong is told at once with its line; who acts never keeps the record."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from access.rights import ACTING, ALL_RIGHTS
from access.territory import Level
from indicators.catalogue import CatalogueErrors
from indicators.roles_file import parse
from small_people import ROOT, rules

SHIPPED = (ROOT / "roles.yaml").read_text(encoding="utf-8")


def problems(text: str) -> list[str]:
    with pytest.raises(CatalogueErrors) as wrong:
        parse(text.encode(), rules().territory)
    return [str(problem) for problem in wrong.value.problems]


def changed(before: str, after: str) -> str:
    assert before in SHIPPED
    return SHIPPED.replace(before, after, 1)


def test_the_shipped_file_has_every_role_of_the_brief():
    assert list(rules().roles.roles) == [
        "city_leader", "city_commander", "city_officer", "county_leader", "county_officer", "town_officer",
        "department_handler", "data_manager", "system_admin", "security_admin", "auditor", "screen", "api_client",
    ]  # fmt: skip


def test_no_combination_of_roles_that_can_be_granted_may_act_and_keep_the_record():
    roles = rules().roles
    people = [role.key for role in roles.of_kind("person")]
    for count in range(1, len(people) + 1):
        for held in combinations(people, count):
            rights = roles.rights_of(held)
            if roles.clash(held) is None:
                assert not (rights & ACTING and "audit.view" in rights), held
                assert not {"users.manage", "users.grant"} <= rights, held


def test_every_right_is_held_by_somebody():
    roles = rules().roles
    assert roles.rights_of(roles.roles) == ALL_RIGHTS


def test_leaders_and_walls_never_reveal_personal_data():
    roles = rules().roles
    for key in ("city_leader", "county_leader", "screen"):
        assert "personal.reveal" not in roles.roles[key].rights


def test_screens_only_look():
    assert not frozenset(rules().roles.roles["screen"].rights) & ACTING


def test_all_problems_come_at_once_with_their_lines():
    text = changed("levels: [town]", "levels: [village]").replace("name: 审计员", "nam: 审计员", 1)
    text = text.replace("rights: [users.grant, roles.view]", "rights: [users.grant, roles.look]", 1)
    found = problems(text)
    assert len(found) >= 3
    for written in ("village", "nam: ", "roles.look"):
        line = next(number for number, row in enumerate(text.splitlines(), 1) if written in row)
        assert any(p.startswith(f"roles.yaml:{line}:") for p in found), (written, found)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("rights: [audit.view, roles.view]", "rights: [audit.view, events.close]", "能操作的人不能同时管审计记录"),
        ("    one: [acting]\n", "    one: [users.manage]\n", "必须有一条把 acting 与 audit.view 分开"),
        ("      county: [county_leader", "      town: [county_leader", "本角色没有 town 这一级"),
        ("security_admin, auditor]", "security_admin, auditer]", "没有名为“auditer”的角色"),
        ("key: county_leader\n", "key: city_leader\n", "重复"),
        ("groups: []", 'groups:\n  - {group: a, role: screen, region: "445100"}', "人员角色"),
        ("groups: []", 'groups:\n  - {group: a, role: city_leader, region: "445102"}', "不能授在湘桥区这一级"),
        ("groups: []", 'groups:\n  - {group: a, role: department_handler, region: "445102"}', "必须写明单位"),
        ("groups: []", 'groups:\n  - {group: a, role: city_leader, region: "445999"}', "没有区域代码"),
        ("version: 1", "version: 2", "应为 1"),
    ],
)
def test_what_makes_no_sense_is_refused(before, after, said):
    assert any(said in problem for problem in problems(changed(before, after)))


def test_a_half_written_or_foreign_file_is_refused_not_half_used():
    for text in ("", "roles:", SHIPPED[: len(SHIPPED) // 2], "- just\n- a list\n", SHIPPED.replace("roles:", "rolls:")):
        assert problems(text)


def test_an_administrator_of_a_county_gives_no_city_role_and_no_keeper():
    given = rules().roles.gives("security_admin", Level.COUNTY)
    assert given == {"county_leader", "county_officer", "town_officer", "department_handler", "data_manager"}
    assert rules().roles.gives("county_officer", Level.COUNTY) == frozenset()


def test_the_file_of_a_city_replaces_the_shipped_one(tmp_path: Path):
    from indicators.roles_file import load

    (tmp_path / "roles.yaml").write_text(changed("name: 市领导\n", "name: 市委领导\n"), encoding="utf-8")
    assert load(tmp_path, rules().territory).roles["city_leader"].name == "市委领导"
    assert load(tmp_path / "none", rules().territory).roles["city_leader"].name == "市领导"
