"""/admin/accounts, /admin/screens: accounts with their roles, tokens of screens and programs. Delegated by region:
everybody sees and changes what lies in the own regions, and the domain says so again at every act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Blueprint, Response, request

from access import accounts, identities, tokens
from access.account import Account
from access.accounts import NewAccount, Place
from access.actor import Denied
from access.identities import Identity
from access.lockout import locked_accounts
from access.token import Token
from api import office_identities
from api.office import Here, acting, shown, typed
from components import office
from components.office import Sheet, Told
from components.times import day, stamp
from database.engine import reading, writing


def blueprint() -> Blueprint:
    """Both pages and their forms."""
    made = Blueprint("people", __name__)
    made.add_url_rule("/admin/accounts", "accounts", lambda: shown(accounts_page), methods=["GET"])
    made.add_url_rule("/admin/accounts", "add", acting(_add, accounts_page), methods=["POST"])
    made.add_url_rule("/admin/accounts/<number>/<act>", "act", _accounts_act, methods=["POST"])
    made.add_url_rule("/admin/screens", "screens", lambda: shown(tokens_page), methods=["GET"])
    made.add_url_rule("/admin/screens", "issue", acting(_issue, tokens_page), methods=["POST"])
    made.add_url_rule("/admin/screens/<number>/revoke", "revoke", acting(_revoke, tokens_page), methods=["POST"])
    return made


RULES = {
    "/admin/accounts/<number>/<act>": "roles.view",
    "/admin/screens/<number>/revoke": "screens.manage",
}


def _accounts_act(number: str, act: str) -> Response:
    found = ACTS.get(act)
    if found is None or not number.isdigit() or len(number) > 12:
        return acting(_nothing, accounts_page)()
    return acting(found, accounts_page)()


def _nothing(_: Here) -> Told:
    raise Denied("没有这个账号，或无权管理。")


def _number() -> int:
    return int(str((request.view_args or {})["number"]))


# What is done


def _add(one: Here) -> Told:
    new = NewAccount(typed("name"), typed("shown"), typed("home"), typed("department"))
    with writing(one.engine) as connection:
        number = accounts.add(connection, one.rules, new, by=one.visit.actor, now=one.now)
        link = accounts.invite(connection, one.rules, number, by=one.visit.actor, now=one.now)
    return _linked(f"已开户 {new.name}，请本人在三天内打开链接设置口令。", link.text)


def _invite(one: Here) -> Told:
    with writing(one.engine) as connection:
        link = accounts.invite(connection, one.rules, _number(), by=one.visit.actor, now=one.now)
    return _linked("原口令已作废，请本人在三天内打开链接设置新口令。", link.text)


def _linked(words: str, secret: str) -> Told:
    return Told(words, secret=f"{request.host_url}sign-in/once/{secret}", shown_words="一次性链接（只显示这一次）")


def _done(act: Callable[..., object], words: str) -> Callable[[Here], Told]:
    def do(one: Here) -> Told:
        with writing(one.engine) as connection:
            act(connection, one.rules, _number(), by=one.visit.actor, now=one.now)
        return Told(words)

    return do


def _placed(act: Callable[..., object], words: str) -> Callable[[Here], Told]:
    def do(one: Here) -> Told:
        role, region, department = [*typed("place").split("@"), "", ""][:3] if typed("place") else (
            typed("role"), typed("region"), typed("department"),
        )  # fmt: skip
        with writing(one.engine) as connection:
            act(connection, one.rules, _number(), Place(role, region, department), by=one.visit.actor, now=one.now)
        return Told(words)

    return do


ACTS: dict[str, Callable[[Here], Told]] = {
    "invite": _invite,
    "disable": _done(accounts.disable, "已停用，会话已结束。"),
    "enable": _done(accounts.enable, "已启用。"),
    "unlock": _done(accounts.unlock, "已解除锁定。"),
    "factor": _done(accounts.reset_second_factor, "已取消动态验证码，下次登录时重新设置。"),
    "sessions": _done(accounts.end_sessions, "已结束全部会话。"),
    "link": office_identities.link,
    "unlink": office_identities.unlink,
    "grant": _placed(accounts.grant, "已授予，下一次操作即生效。"),
    "revoke": _placed(accounts.revoke, "已收回，下一次操作即生效。"),
}


def _issue(one: Here) -> Told:
    kind, days = typed("kind"), typed("days")
    if kind not in {"api", "screen"} or not (days.isascii() and days.isdigit() and len(days) < 5):
        raise tokens.TokenRefused("请填写类别和有效天数")
    new = tokens.NewToken(kind, typed("name"), (typed("region"),), timedelta(days=int(days)))  # type: ignore[arg-type]
    with writing(one.engine) as connection:
        number, made = tokens.issue(connection, one.rules, new, by=one.visit.actor, now=one.now)
    if kind == "screen":
        address = f"{request.host_url}sign-in/screen#{made.text}"
        return Told(f"令牌 {number} 号已建，请在大屏上打开下面的地址。", secret=address, shown_words="只显示这一次")
    return Told(f"令牌 {number} 号已建。", secret=made.text, shown_words="只显示这一次")


def _revoke(one: Here) -> Told:
    if not str((request.view_args or {})["number"]).isdigit():
        return _nothing(one)
    with writing(one.engine) as connection:
        gone = tokens.revoke(connection, one.rules, _number(), by=one.visit.actor, now=one.now)
    return Told(f"已收回令牌 {gone.id} 号（{gone.name}）。")


# What is shown


def accounts_page(one: Here, about: Sheet) -> office.Markup:
    """The accounts in the viewer's regions, and forms for what the viewer may do with them."""
    by = one.visit.actor
    if not by.may_any("users.manage", "users.grant"):
        return office.section("账号", office.element("p", "当前身份只能查看角色表。", class_="sub")) + _roles(one)  # type: ignore[return-value]
    locked = locked_accounts(one.engine, one.now)
    with reading(one.engine) as connection:
        found = accounts.listed(connection, by)
        outside = identities.linked(connection, [account.id for account in found])
    rows = [_row(one, about, account, locked, outside.get(account.id, [])) for account in found]
    heads = ("账号", "姓名", "状态", "最近登录", "身份", "外部身份", "办理")
    parts = [office.section(f"账号 {len(rows)} 个", office.table(heads, rows, "还没有账号"))]
    if by.may("users.manage"):
        parts.insert(0, office.section("开户", _new_account(one, about), "没有默认口令：本人用一次性链接设置"))
    return office.Markup("".join([*parts, _roles(one)]))


def _row(one: Here, about: Sheet, account: Account, locked: set[str], found: list[Identity]) -> list[office.Tree]:
    state = "停用" if not account.is_open else "锁定" if account.name in locked else "正常"
    last = day(account.signed_in_at) if account.signed_in_at else "从未登录"
    outside = office_identities.shown(about, account, found, may=one.visit.actor.may("users.manage"))
    return [account.name, account.shown, state, last, _held(one, about, account), outside, _acts(one, about, account)]


def _held(one: Here, about: Sheet, account: Account) -> office.Tree:
    names, roles = one.rules.territory.names, one.rules.roles.roles
    told: list[office.Tree] = []
    for grant in account.grants:
        role = roles[grant.role].name if grant.role in roles else grant.role
        words = f"{role}（{names.get(grant.region, grant.region)}{' ' + grant.department if grant.department else ''}）"
        place = office.hidden("place", f"{grant.role}@{grant.region}@{grant.department}")
        take = office.form(about, f"/admin/accounts/{account.id}/revoke", place, "收回")
        told.append(office.row_of([words, take if one.visit.actor.may("users.grant") else None]))
    return told or "未授权"


def _acts(one: Here, about: Sheet, account: Account) -> office.Tree:
    by, at = one.visit.actor, f"/admin/accounts/{account.id}"
    made: list[office.Tree] = []
    if by.may("users.manage"):
        turn = ("disable", "停用") if account.is_open else ("enable", "启用")
        acts = (turn, ("invite", "重置口令"), ("unlock", "解锁"), ("factor", "取消验证码"), ("sessions", "结束会话"))
        made += [office.form(about, f"{at}/{act}", None, words) for act, words in acts]
    if by.may("users.grant"):
        fields = [
            office.choice("role", "角色", [(role.key, role.name) for role in accounts.givable(one.rules, by)]),
            office.choice("region", "区域", _regions(one)),
            office.text("department", "单位（部门角色）", required=False),
        ]
        made.append(office.form(about, f"{at}/grant", fields, "授予"))
    return office.row_of(made)


def _new_account(one: Here, about: Sheet) -> office.Markup:
    fields = [
        office.text("name", "账号", autocomplete="off"),
        office.text("shown", "姓名"),
        office.choice("home", "所属区域", _regions(one)),
        office.text("department", "单位", required=False),
    ]
    return office.form(about, "/admin/accounts", fields, "开户")


def _regions(one: Here) -> list[tuple[str, str]]:
    names, scope = one.rules.territory.names, one.visit.actor.scope
    return [(code, name) for code, name in names.items() if scope.allows(code)]


def _roles(one: Here) -> office.Markup:
    rows = [[role.name, role.words, "、".join(role.levels)] for role in one.rules.roles.roles.values()]
    return office.section("角色表", office.table(("角色", "职责", "层级"), rows, ""), "在 roles.yaml 中修改")


def tokens_page(one: Here, about: Sheet) -> office.Markup:
    """Tokens of screens and programs in the viewer's regions."""
    with reading(one.engine) as connection:
        found = tokens.listed(connection, one.rules, ("api", "screen"), by=one.visit.actor)
    rows = [_token_row(one, about, token) for token in found]
    heads = ("编号", "类别", "名称", "尾号", "区域", "有效期至", "状态", "")
    fields = [
        office.choice("kind", "类别", (("screen", "大屏"), ("api", "接口程序"))),
        office.text("name", "名称（放在哪里、给谁用）"),
        office.choice("region", "区域", _regions(one)),
        office.text("days", "有效天数", "number", value="365", min=1, max=730),
    ]
    return office.Markup(
        office.section("新建令牌", office.form(about, "/admin/screens", fields, "新建"), "令牌只显示一次，可随时收回")
        + office.section(f"令牌 {len(rows)} 个", office.table(heads, rows, "还没有令牌"))
    )


def _token_row(one: Here, about: Sheet, token: Token) -> list[office.Tree]:
    state = "已收回" if not token.is_valid else "已过期" if token.expires_at <= one.now else "有效"
    names = one.rules.territory.names
    where = "、".join(names.get(code, code) for code in token.regions)
    kind = "大屏" if token.kind == "screen" else "接口"
    take = office.form(about, f"/admin/screens/{token.id}/revoke", None, "收回") if state == "有效" else None
    return [str(token.id), kind, token.name, f"…{token.tail}", where, stamp(token.expires_at), state, take]
