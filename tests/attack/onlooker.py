"""Looks at pages with planted texts as a person does: what ran, what the policy stopped, what stands on the screen."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from attack.payloads import PAYLOADS
from attack.visits import ORDINARY

WATCH = """window.__x = 0; window.__broken = [];
addEventListener('securitypolicyviolation', one => window.__broken.push(
    `${one.violatedDirective} ${one.blockedURI} ${one.sample}`));"""
FOUND = "[window.__x, window.__broken]"
SETTLED = """() => { const all = [...document.querySelectorAll('.panel')].filter(one => one.getClientRects().length);
    return all.length > 0 && all.every(one => one.dataset.shown && !one.dataset.failed); }"""
ON_SCREEN = r"""() => {
    document.querySelectorAll('details').forEach(one => { one.open = true; });
    const said = [], shown = one => one && (one.closest('select') || one).checkVisibility({ visibilityProperty: true });
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const holder = walk.currentNode.parentElement;
        const place = holder.closest('title,desc') ? holder.parentElement : holder;
        if (!holder.closest('script,style,template,datalist') && shown(place)) said.push(walk.currentNode.data);
    }
    document.querySelectorAll('[title],[aria-label],[placeholder],input,textarea').forEach(one => {
        if (!shown(one)) return;
        said.push(one.title, one.getAttribute('aria-label'), one.getAttribute('placeholder'), one.value);
    });
    return said.filter(Boolean).map(String).join('\n');
}"""
"""Every text a person can see or point at: not what is hidden, nor what only stands in the source of the page."""
BROUGHT = "[...document.querySelectorAll('.panel[data-shown]')].map(one => one.id.replace('panel-', ''))"
"""Panels that stand there: documents bring some along, so that nobody asks for them."""
PATIENCE = 300
"""Tenths of a second a page may take to settle."""
_MARK = re.compile(r"〔\d+〕")


@dataclass
class Onlooker:
    """One browser page. By address: what ran or was stopped there (`ran`), what stood on the screen (`seen`)."""

    page: Any
    ran: dict[str, Any] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    panels: set[str] = field(default_factory=set)
    dialogs: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.add_init_script(WATCH)
        self.page.on("dialog", lambda one: (self.dialogs.append(one.message), one.dismiss()))
        self.page.on("request", lambda one: self._note(urlsplit(one.url).path))

    def _note(self, path: str) -> None:
        if path.startswith("/panel/"):
            self.panels.add(path.removeprefix("/panel/"))

    def look(self, path: str, late: str = "", size: tuple[int, int] = ORDINARY) -> None:
        """Open a page, wait for its panels and for what comes `late` (a selector); note what stands there."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        self.page.goto(path)
        self.until(f"({SETTLED})() || !document.querySelector('.panel')")
        if late:
            self.until(f"document.querySelector({json.dumps(late)})")
        self.panels |= set(self.page.evaluate(BROUGHT))
        self.seen[path] = str(self.page.evaluate(ON_SCREEN))
        self.note(path)

    def note(self, what: str) -> None:
        """What ran or was stopped since the page was opened."""
        ran, broken = self.page.evaluate(FOUND)
        if ran or broken:
            self.ran[what] = (ran, broken)

    def until(self, expression: str) -> bool:
        """True as soon as it holds; False if it never did. Asked from outside: the pages forbid eval."""
        for _ in range(PATIENCE):
            if self.page.evaluate(f"Boolean({expression})"):
                return True
            self.page.wait_for_timeout(100)
        return False

    def marks(self, at: str) -> set[str]:
        """Marks of columns seen on pages whose address begins so."""
        return {mark for path, text in self.seen.items() if path.startswith(at) for mark in _MARK.findall(text)}

    def payloads(self) -> list[str]:
        """Those texts that stood on a screen as they were typed."""
        everything = "\n".join(self.seen.values())
        return [text for text in PAYLOADS if text[:24] in everything]

    def is_clean(self) -> None:
        """Nothing ran, nothing was even tried."""
        assert not self.ran and not self.dialogs, (self.ran, self.dialogs)


class Instead:
    """Answers of the interface with every word replaced by a text that wants to become program, each time another."""

    WORDS = frozenset({
        "name", "note", "mark", "theme_name", "layer_name", "town_name", "kinds", "reason", "text", "detail", "unit",
        "what", "classes", "towns", "stage", "title", "message", "words", "by", "county_name", "category",
    })  # fmt: skip
    """Fields that hold words; the others are keys, numbers and addresses that scripts work with."""

    def __init__(self) -> None:
        self.given: list[str] = []

    def __call__(self, route: Any) -> None:
        """As a handler of Playwright: the real answer, its words replaced."""
        answer = route.fetch()
        try:
            told = answer.json()
        except ValueError:
            route.fulfill(response=answer)
            return
        route.fulfill(response=answer, json=self._within(told, ""))

    def _within(self, value: Any, name: str) -> Any:
        if isinstance(value, dict):
            return {key: self._within(part, key) for key, part in value.items()}
        if isinstance(value, list):
            return [self._within(part, name) for part in value]
        return self._next() if isinstance(value, str) and name in self.WORDS else value

    def _next(self) -> str:
        self.given.append(PAYLOADS[len(self.given) % len(PAYLOADS)])
        return self.given[-1]
