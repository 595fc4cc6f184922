"""The part of /admin/accounts about names of outside sign-ins: what opens an account, one more, one less."""

from __future__ import annotations

from typing import Any

from flask import current_app, request

from access import identities
from access.account import Account
from access.gateway import ISSUER
from access.identities import Identity
from access.session import entrance
from api.office import Here, typed
from components import office
from components.office import Sheet, Told
from database.engine import writing


def sources() -> list[tuple[str, str]]:
    """Outside sign-ins of this installation: issuer and words."""
    found = [(one.settings.issuer, one.settings.label) for one in _providers()]
    return [*found, (ISSUER, "网关")] if entrance().front.user_header else found


def link(one: Here) -> Told:
    """One more name that opens the account."""
    issuer = typed("issuer")
    if issuer not in {known for known, _ in sources()}:
        raise ValueError("没有这个统一认证来源")
    with writing(one.engine) as connection:
        identities.link(connection, one.rules, _number(), issuer, typed("subject"), by=one.visit.actor, now=one.now)
    return Told("已关联，本人下次可用统一认证登录。")


def unlink(one: Here) -> Told:
    """One less."""
    issuer, _, subject = typed("identity").partition(" ")
    with writing(one.engine) as connection:
        ended = identities.unlink(connection, one.rules, _number(), issuer, subject, by=one.visit.actor, now=one.now)
    return Told(f"已解除关联，结束会话 {ended} 个。")


def shown(about: Sheet, account: Account, found: list[Identity], *, may: bool) -> office.Tree:
    """What opens the account from outside; with the forms for it if the viewer may."""
    at, known = f"/admin/accounts/{account.id}", dict(sources())
    parts: list[office.Tree] = []
    for one in found:
        kept = office.hidden("identity", f"{one.issuer} {one.subject}")
        take = office.form(about, f"{at}/unlink", kept, "解除") if may else None
        parts.append(office.row_of([f"{known.get(one.issuer, one.issuer)}：{one.subject}", take]))
    if may and known:
        fields = [
            office.choice("issuer", "来源", list(known.items())),
            office.text("subject", "标识（sub）", autocomplete="off", maxlength=identities.LONGEST),
        ]
        parts.append(office.form(about, f"{at}/link", fields, "关联"))
    return parts or "无"


def _providers() -> list[Any]:
    return [current_app.extensions[name] for name in ("oidc", "ldap") if name in current_app.extensions]


def _number() -> int:
    return int(str((request.view_args or {})["number"]))
