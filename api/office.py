"""/account: one's own sessions, password, second factor and role. Forms that are posted; nothing is kept anywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, request
from sqlalchemy import Engine, select

from access import identities, own_account
from access.actor import Denied
from access.audit import record
from access.lockout import LockedOut
from access.passwords import PasswordRefused, demands
from access.policy import admits
from access.reception import Visit
from access.rules import Rules
from access.session import address_of_request, entrance, forget_visit, let_in, visit_of_request
from access.sessions import Session, end_all
from access.sign_in import Attempt, Refused
from access.totp import address_for
from api import csrf, refusals
from components import door_forms, office
from components.office import Sheet, Told
from components.times import stamp
from database.engine import reading, writing
from database.people_tables import sessions

LARGEST = 16_384
OFFICE = (
    ("/account", "我的账号", "signed-in"),
    ("/admin/accounts", "账号管理", "roles.view"),
    ("/admin/screens", "大屏与接口令牌", "screens.manage"),
    ("/admin/usage", "使用情况", "settings.manage"),
)
"""Pages of the office: path, name, what each asks for."""
RULES = {path: need for path, _, need in OFFICE} | {
    f"/account/{act}": "signed-in" for act in ("sessions", "role", "factor", "password")
}
REFUSALS = (Refused, PasswordRefused, LockedOut, Denied, ValueError)
"""What the domain says when it will not: sentences for the person."""


@dataclass(frozen=True)
class Here:
    """Who acts, on what, when: what every handler of a form needs."""

    visit: Visit
    engine: Engine
    rules: Rules
    at: Attempt

    @property
    def now(self) -> datetime:
        """The moment of the request."""
        return self.at.now

    @property
    def session(self) -> Session:
        """The person's session; Denied for those who have none (a gateway or a token stands for them)."""
        if self.visit.session is None:
            raise Denied("当前登录方式由外部管理，不能在这里修改。")
        return self.visit.session


Act = Callable[[Here], Told]


def blueprint() -> Blueprint:
    """The account's own page and its forms."""
    made = Blueprint("account", __name__)
    made.add_url_rule("/account", "shown", lambda: shown(_account), methods=["GET"])
    for name, act in (("sessions", _end_others), ("role", _change_role), ("factor", _confirm_factor)):
        made.add_url_rule(f"/account/{name}", name, acting(act, _account), methods=["POST"])
    made.add_url_rule("/account/password", "password", acting(_change_password, _account), methods=["POST"])
    return made


def here() -> Here:
    """The present request."""
    request.max_content_length = LARGEST
    visit, reception = visit_of_request(), entrance().reception
    if visit is None:
        raise refusals.unknown_caller()
    return Here(visit, reception.engine, reception.rules, Attempt(address_of_request(), reception.now()))


def shown(page: Callable[[Here, Sheet], office.Markup], told: Told | None = None, status: int = 200) -> Response:
    """A page of the office for whoever asks."""
    now_here = here()
    by, path = now_here.visit.actor, "/" + "/".join(request.path.split("/")[1:3])
    path = "/account" if path.startswith("/account") else path
    ways = [("/", "驾驶舱"), *((path, name) for path, name, need in OFFICE if admits(need, by))]
    title = next(name for one, name, _ in OFFICE if one == path)
    about = Sheet(title, f"{by.name} · {by.role_name}", csrf.word(), ways, path)
    return refusals.page(office.sheet(about, page(now_here, about), told), status)


def acting(act: Act, page: Callable[[Here, Sheet], office.Markup]) -> Callable[..., Response]:
    """The handler of a form: do it, show the page again with what came of it."""

    def handle(**_: str) -> Response:
        try:
            told, status = act(here()), 200
        except REFUSALS as refused:
            told, status = Told(str(refused), False), 403 if isinstance(refused, Denied) else 422
        renewed = request.environ.pop(_RENEWED, None)
        if renewed is not None:
            forget_visit()
            away = Response(status=303, headers={"Location": "/account", "Cache-Control": "no-store"})
            let_in(away, renewed.token.text, renewed.ends_at)
            return away
        forget_visit()
        return shown(page, told, status)

    return handle


_RENEWED, _SECRET = "cockpit.renewed", "cockpit.secret"


def typed(name: str) -> str:
    """What stands in a field of the form."""
    return request.form.get(name, "").strip()


# What people do


def _change_password(one: Here) -> Told:
    if typed("password") != typed("again"):
        raise PasswordRefused(["两次输入的新口令不一致"])
    given = request.form.get("current", ""), request.form.get("password", "")
    request.environ[_RENEWED] = own_account.change_password(one.engine, one.rules, one.session, *given, one.at)
    return Told("口令已修改，其他会话已结束。")


def _end_others(one: Here) -> Told:
    with writing(one.engine) as connection:
        ended = end_all(connection, one.session.user_id, beside=one.session.digest)
        by = one.visit.actor
        detail = {"ended": ended}
        record(connection, by=by, action="session.end_others", object=f"user {by.user}", detail=detail, now=one.now)
    return Told(f"已结束其他会话 {ended} 个。")


def _change_role(one: Here) -> Told:
    role, _, department = typed("hat").partition("@")
    with writing(one.engine) as connection:
        own_account.choose_role(connection, one.rules, one.session, role, department, one.at)
    return Told("已切换身份。")


def _confirm_factor(one: Here) -> Told:
    if not typed("secret"):
        request.environ[_SECRET] = own_account.begin_second_factor(one.engine, one.session, one.at).secret
        return Told("请用手机验证器扫码或录入密钥，再填当前六位数字。")
    request.environ[_RENEWED] = own_account.confirm_second_factor(
        one.engine, one.rules, one.session, typed("code"), one.at
    )
    return Told("动态验证码已启用。")


# The page


def _account(one: Here, about: Sheet) -> office.Markup:
    by, names = one.visit.actor, one.rules.territory.names
    known = {"姓名": by.name, "账号": by.user, "身份": by.role_name, "所属区域": names.get(by.home, by.home)}
    who = office.facts(known | _outside(one))
    parts = [office.section("本人", [who, _roles(one, about)])]
    if one.visit.session is not None:
        parts += [_password(one, about), _factor(one, about), _sessions(one, about)]
    return office.Markup("".join(parts))


def _outside(one: Here) -> dict[str, office.Tree]:
    """The names that open this account from outside, for its owner to know."""
    if one.visit.user_id is None:
        return {}
    with reading(one.engine) as connection:
        found = identities.linked(connection, [one.visit.user_id]).get(one.visit.user_id, [])
    return {"外部身份": "、".join(known.subject for known in found)} if found else {}


def _roles(one: Here, about: Sheet) -> office.Markup | None:
    hats = [
        (f"{hat.role}@{hat.department}", f"{one.rules.roles.roles[hat.role].name} {hat.department}".strip())
        for hat in one.visit.hats
    ]
    if len(hats) < 2:
        return None
    return office.form(about, "/account/role", office.choice("hat", "切换身份", hats), "切换")


def _password(one: Here, about: Sheet) -> office.Markup:
    fields = [
        office.text("current", "当前口令", "password", autocomplete="current-password"),
        office.text("password", "新口令", "password", autocomplete="new-password"),
        office.text("again", "再输一次", "password", autocomplete="new-password"),
    ]
    return office.section(
        "修改口令",
        office.form(about, "/account/password", fields, "修改口令"),
        "；".join(demands(one.rules.passwords)),
    )


def _factor(one: Here, about: Sheet) -> office.Markup:
    secret = request.environ.get(_SECRET) or typed("secret")
    begin = office.form(about, "/account/factor", None, "启用动态验证码")
    if not door_forms.is_secret(secret):
        return office.section("动态验证码", begin, "手机验证器每 30 秒一组六位数字，每组只能用一次")
    fields = [office.hidden("secret", secret), office.text("code", "六位验证码", inputmode="numeric")]
    drawn = door_forms.qr_code(address_for(secret, one.visit.actor.user))
    key = office.element("p", door_forms.in_fours(secret), class_="key")
    return office.section("动态验证码", [drawn, key, office.form(about, "/account/factor", fields, "确认启用")])


def _sessions(one: Here, about: Sheet) -> office.Markup:
    query = select(sessions).where(sessions.c.user_id == one.session.user_id).order_by(sessions.c.seen_at.desc())
    with reading(one.engine) as connection:
        found = connection.execute(query).mappings().all()
    rows = [
        [stamp(row["opened_at"]), stamp(row["seen_at"]), row["address"], MEANS.get(row["means"], row["means"]),
         "本次" if row["token_hash"] == one.session.digest else ""]
        for row in found
    ]  # fmt: skip
    heads = ("登录时间", "最近操作", "地址", "方式", "")
    parts = [office.table(heads, rows, "没有会话"), office.form(about, "/account/sessions", None, "结束其他会话")]
    return office.section(f"我的会话 {len(rows)} 个", parts)


MEANS = {"password": "口令", "once": "一次性链接", "oidc": "统一认证", "ldap": "单位目录"}
