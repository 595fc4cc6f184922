"""The forms of the door: name and password, code, new password, second factor, one-time link, screen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote

import segno

from access.totp import address_for
from components.door import brand, card, document, field, form, hidden, plain
from components.markup import Markup, Tree, element

_SECRET = re.compile(r"[A-Z2-7]{16,64}")
SIGN_IN = "登录"


def name_and_password(
    wanted: str,
    said: str = "",
    *,
    name: str = "",
    is_out: bool = False,
    has_provider: bool = False,
    directory: str = "",
) -> str:
    """The first form. After signing out it says so."""
    fields = [
        field("name", "账号", autocomplete="username", value=name, spellcheck="false", autocapitalize="none"),
        field("password", "口令", "password", autocomplete="current-password"),
        _onward(wanted),
    ]
    parts = [
        element("p", f"请用本人账号{f'或{directory}账号' if directory else ''}登录。操作将记入审计。", class_="lead"),
        form("/sign-in", fields, SIGN_IN),
        _provider(wanted) if has_provider else None,
    ]
    told, tone = (said, "bad") if said else ("已退出登录。" if is_out else "", "good")
    return _page(SIGN_IN, parts, told, tone)


def code(word: str, wanted: str, said: str = "") -> str:
    """Six digits of the authenticator program."""
    fields = [_code_field(), hidden("csrf", word), _onward(wanted)]
    lead = element("p", "请输入手机验证器上当前的六位数字。", class_="lead")
    return _page("动态验证码", [lead, form("/sign-in/code", fields, "验证"), _out(word)], said)


def new_password(word: str, wanted: str, demands: Sequence[str], said: str = "", *, asks_current: bool) -> str:
    """A password of one's own before anything else."""
    fields = [
        field("current", "当前口令", "password", autocomplete="current-password") if asks_current else None,
        field("password", "新口令", "password", autocomplete="new-password"),
        field("again", "再输一次新口令", "password", autocomplete="new-password"),
        hidden("csrf", word),
        _onward(wanted),
    ]
    rules = element("ul", [element("li", one) for one in demands], class_="rules")
    lead = element("p", "请先设置只有本人知道的口令，再进入系统。", class_="lead")
    return _page("设置新口令", [lead, form("/sign-in/password", fields, "保存并继续"), rules, _out(word)], said)


def new_factor(word: str, wanted: str, secret: str, account: str, said: str = "") -> str:
    """A second factor of one's own: scan, type the code, done."""
    lead = "本账号的身份要求两种验证。请用手机验证器扫码，或手工输入密钥，再填当前六位数字。"
    fields = [_code_field(), hidden("secret", secret), hidden("csrf", word), _onward(wanted)]
    parts = [
        element("p", lead, class_="lead"),
        qr_code(address_for(secret, account)),
        element("p", in_fours(secret), class_="key"),
        form("/sign-in/factor", fields, "启用并继续"),
        _out(word),
    ]
    return _page("启用动态验证码", parts, said)


def by_link(secret: str) -> str:
    """A one-time link that still opens: programs that look at links beforehand do not use it up."""
    lead = element("p", "这是一次性登录链接，只能使用一次。", class_="lead")
    return _page("一次性登录", [lead, form(f"/sign-in/once/{secret}", None, "进入驾驶舱")])


def link_is_over() -> str:
    """The link opens nothing any more."""
    return plain(
        "链接已失效", "这个一次性链接无效、已用过或已过期，请联系管理员重新生成。", [("/sign-in", "用账号登录")]
    )


def screen(said: str = "") -> str:
    """A screen's token, typed by hand."""
    lead = element("p", "请输入管理台为本屏生成的令牌。令牌只读，可随时收回。", class_="lead")
    fields = [field("token", "屏幕令牌", autocomplete="off", spellcheck="false")]
    return _page("屏幕授权", [lead, form("/sign-in/screen", fields, "授权本屏")], said)


def is_secret(text: str) -> bool:
    """True for base32 as authenticator programs take it."""
    return bool(_SECRET.fullmatch(text))


def in_fours(secret: str) -> str:
    """The secret as people copy it by hand; authenticator programs leave the spaces out."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def qr_code(text: str) -> Markup:
    """`text` as a QR code, drawn in one path."""
    matrix = segno.make(text, error="m", micro=False).matrix
    size = len(matrix) + 8
    dots = "".join(
        f"M{x + 4} {y + 4}h1v1h-1z" for y, row in enumerate(matrix) for x, module in enumerate(row) if module & 1
    )
    path = element("path", d=dots, fill="#000")
    return element("svg", path, viewBox=f"0 0 {size} {size}", class_="qr", role="img", aria_label="验证器二维码")


def _code_field() -> Markup:
    more = {"inputmode": "numeric", "autocomplete": "one-time-code", "pattern": "[0-9０-９ ]{6,8}"}
    return field("code", "六位验证码", class_="code", **more)


def _onward(wanted: str) -> Markup | None:
    return hidden("next", "" if wanted == "/" else wanted)


def _provider(wanted: str) -> Tree:
    link = element("a", "统一身份认证登录", href=_provider_path(wanted), class_="act")
    return [element("div", "或", class_="or"), link]


def _provider_path(wanted: str) -> str:
    return "/sign-in/oidc" if wanted == "/" else f"/sign-in/oidc?next={quote(wanted, safe='')}"


def _out(word: str) -> Markup:
    """Leave half way: somebody else's turn."""
    button = element("button", "换个账号", type="submit", class_="act")
    return element("form", [hidden("csrf", word), button], method="post", action="/sign-out", class_="door")


def _page(title: str, parts: Tree, said: str = "", tone: str = "bad") -> str:
    return document(title, [brand(), card(title, parts, said=said, tone=tone)])
