"""今日要点 as a file: plain text, or a page that word processors open; one numbered sentence per line."""

from __future__ import annotations

from html import escape

from datasources.delivery.period import CITY_TIME
from decisions.digest import SECTION_NAMES, Digest, Section

NUMERALS = "一二三四五"
STYLE = (
    "body{font-family:FangSong,'Noto Serif CJK SC',serif;font-size:16pt;line-height:28pt;margin:3.7cm 2.6cm}"
    "h1{font-family:'Noto Serif CJK SC',serif;font-size:22pt;text-align:center}h2{font-family:SimHei,sans-serif;"
    "font-size:16pt}p{text-indent:2em;margin:0}table{border-collapse:collapse;font-size:10pt;line-height:14pt}"
    "td,th{border:1px solid #888;padding:2pt 5pt;text-align:left}"
)
MARK = "本文所用数据为模拟数据，仅供演示。"


def as_text(found: Digest, title: str) -> str:
    """Title, day, parts with numbered sentences, how it was made."""
    lines = [f"{title}今日要点", _dated(found), *([MARK] if found.is_simulated else [])]
    for numeral, section in zip(NUMERALS, _sections(found), strict=False):
        lines += ["", f"{numeral}、{SECTION_NAMES[section]}"]
        lines += [f"{place}.{item.text}" for place, item in enumerate(found.of(section), 1)]
    return "\r\n".join([*lines, "", _made(found), ""])


def as_page(found: Digest, title: str) -> str:
    """The same as a page, with the facts of every sentence in a table at the end."""
    parts = [f"<h1>{escape(title)}今日要点</h1><p>{_dated(found)}</p>"]
    parts += [f"<p>{MARK}</p>"] if found.is_simulated else []
    for numeral, section in zip(NUMERALS, _sections(found), strict=False):
        parts.append(f"<h2>{numeral}、{SECTION_NAMES[section]}</h2>")
        parts += [f"<p>{place}.{escape(item.text)}</p>" for place, item in enumerate(found.of(section), 1)]
    parts += [f"<p>{_made(found)}</p>", _evidence(found)]
    head = f'<meta charset="utf-8"><title>{escape(title)}今日要点 {found.day}</title><style>{STYLE}</style>'
    return f'<!DOCTYPE html><html lang="zh-CN"><head>{head}</head><body>{"".join(parts)}</body></html>'


def _sections(found: Digest) -> list[Section]:
    return [section for section in Section if found.of(section)]


def _evidence(found: Digest) -> str:
    """Every figure with unit, time, nature, standing and source."""
    rows = [
        (item.text, fact.name, fact.shown, fact.when, NATURES.get(fact.nature, ""), STANDINGS.get(fact.standing, ""),
         fact.source)
        for item in found.items
        for fact in item.facts.values()
        if fact.value is not None
    ]  # fmt: skip
    if not rows:
        return ""
    head = "".join(f"<th>{name}</th>" for name in ("句子", "项", "数值", "时间", "性质", "时效", "来源"))
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<h2>附：依据</h2><table><tr>{head}</tr>{body}</table>"


NATURES = {"published": "公开发布", "live": "实时", "simulated": "模拟", "manual": "人工填报"}
STANDINGS = {"fresh": "正常", "late": "迟报", "stale": "过期", "dead": "中断"}


def _dated(found: Digest) -> str:
    year, month, day = found.day.split("-")
    return f"{year}年{int(month)}月{int(day)}日"


def _made(found: Digest) -> str:
    local = found.issued_at.astimezone(CITY_TIME)
    return f"（{local:%Y-%m-%d %H:%M} 由系统按固定句式生成，第{found.edition}版，句式版本{found.rules}）"
