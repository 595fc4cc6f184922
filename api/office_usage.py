"""/admin/usage: which pages are looked at, by role, over the last 30 days. Counts only: nobody is named."""

from __future__ import annotations

from flask import Blueprint

from access import usage
from api import office as forms
from api.office import Here
from components import office
from components.office import Sheet
from database.engine import reading

DAYS = 30
PATH = "/admin/usage"


def blueprint() -> Blueprint:
    """The page of usage figures."""
    made = Blueprint("usage", __name__)
    made.add_url_rule(PATH, "shown", lambda: forms.shown(usage_page), methods=["GET"])
    return made


def usage_page(one: Here, _: Sheet) -> office.Markup:
    """Pages, the most used first."""
    with reading(one.engine) as connection:
        found = usage.used(connection, one.visit.actor, days=DAYS, now=one.now)
    names = {role.key: role.name for role in one.rules.roles.roles.values()}
    rows = [[page.page, str(page.views), _by_role(page, names), page.last_day] for page in found]
    heads = ("页面", f"近 {DAYS} 天打开次数", "按角色", "最近一次")
    listed = office.table(heads, rows, "还没有使用记录")
    return office.section("页面使用情况", listed, "只计次数，不记姓名；每分钟汇总一次")


def _by_role(page: usage.PageUse, names: dict[str, str]) -> str:
    return "，".join(f"{names.get(role, role)} {views}" for role, views in page.roles.items())
