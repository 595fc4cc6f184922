"""Hot issues: the list with course and heat, and one issue in full with its messages beside a usual week."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.faces import empty, panel_head
from components.marks import seal
from components.markup import Markup, Node, element
from components.message_joint import joint_act
from components.message_surges import member_list
from components.numbers import plain
from components.spark import spark
from components.times import age, stamp, when
from decisions.issues import HotIssue
from indicators.reading import Provenance

WIDTH, HEIGHT = 640, 120
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class IssueLine:
    """An issue in words, where it leads, and its joint event if there is one."""

    issue: HotIssue
    place: str
    county: str
    category: str
    href: str
    is_chosen: bool
    world: str
    joint: str | None
    event_href: Callable[[str], str]


def issue_list(lines: Sequence[IssueLine], made_at: datetime | None, now: datetime) -> Component:
    """The hottest first; the bar is heat against the hottest."""
    if made_at is None:
        return empty("热点尚未搜索", "定时任务启动后两分钟内完成首次搜索")
    if not lines:
        return empty("这段时间没有集中反映的问题", "同一地点、同一问题至少 4 件且集中出现才算热点；可放宽时段")
    hottest = max(line.issue.heat for line in lines) or 1.0
    rows = [html.Li(_line(rank, one, hottest, now)) for rank, one in enumerate(lines, 1)]
    return html.Ol(rows, className="hot")


def _line(rank: int, one: IssueLine, hottest: float, now: datetime) -> Component:
    issue = one.issue
    return html.A(
        [
            html.Span(str(rank), className="n rk"),
            html.Div(
                [
                    html.B([html.Span(one.county, className="pl"), one.place]),
                    html.Span(f"{one.category} · {issue.topics}", className="sub"),
                ],
                className="nm2",
            ),
            spark(list(issue.course), width=92, height=26),
            html.Div(
                [
                    html.Span([html.B(str(issue.people), className="n"), " 人"]),
                    html.Span(f"{len(issue.members)} 件 · {when(issue.end, now)}", className="sub"),
                ],
                className="ct",
            ),
            html.Span(html.I(style={"width": f"{100 * issue.heat / hottest:.1f}%"}), className="bar2"),
        ],
        href=one.href,
        className="h1" + (" on" if one.is_chosen else ""),
        title=f"热度 {plain(issue.heat, 1)}（只用于排序）",
        **attributes(aria_current="true" if one.is_chosen else None),
    )


def no_issue_chosen(*, is_named: bool, window: str) -> list[Component]:
    """Nothing to show, and why."""
    why = "编号不存在、已不在所选时段，或不在可查看的范围内" if is_named else f"{window}没有热点"
    return [panel_head("热点详情"), empty("没有可显示的热点", why)]


def issue_detail(one: IssueLine, issue: HotIssue, now: datetime, *, may_join: bool) -> list[Node]:
    """The whole issue."""
    marks = [seal(Provenance.SIMULATED)] if one.world == "demo" else []
    title = html.H2([html.Span(one.county, className="pl"), one.place, html.Small(issue.topics, className="mut")])
    return [
        html.Div([title, html.Span(className="sp"), *marks], className="ph big"),
        html.Ul([_figure(*each) for each in _figures(issue)], className="figs"),
        course(issue),
        html.P(sentence(issue, one.category), className="lead2"),
        joint_act(issue.members, f"{one.place}：{one.category}集中反映", one.joint, one.event_href, may_join=may_join),
        html.H3([f"{len(issue.members)} 件诉求", html.Small(" 个人信息已遮盖", className="sub")], className="h3"),
        member_list(issue.members, one.event_href, now),
    ]


def _figures(issue: HotIssue) -> list[tuple[str, str, str]]:
    return [
        (str(len(issue.members)), "件", "诉求"),
        (str(issue.people), "人", "反映人数"),
        (*_lasting(issue), "历时"),
        (plain(issue.usual_week, 1) if issue.usual_week >= 0.1 else "0", "件／周", "该地平常"),
        (str(issue.open), "件", "未办结"),
    ]


def _lasting(issue: HotIssue) -> tuple[str, str]:
    """Number and unit apart."""
    number, _, unit = age(issue.end - issue.start).removeprefix("不足 ").partition(" ")
    return number, unit


def _figure(value: str, unit: str, words: str) -> Component:
    return html.Li([html.Span(words, className="sub"), html.Span([html.B(value, className="n"), f" {unit}"])])


def sentence(issue: HotIssue, category: str) -> str:
    """One sentence, from figures only: more than usual by how much, and whether it goes on."""
    weeks = max(1.0, (issue.end - issue.start) / WEEK)
    usual = issue.usual_week * weeks
    times = f"，约为平常的 {plain(len(issue.members) / usual, 0)} 倍" if usual >= 1 else "，平常一周不到 1 件"
    half = len(issue.course) // 2
    later, earlier = sum(issue.course[half:]), sum(issue.course[:half])
    trend = "后半段仍在增加" if later > earlier else "高峰已过" if earlier > 2 * later else "持续有人反映"
    return (
        f"{stamp(issue.start)} 至 {stamp(issue.end)}，{issue.people} 人反映“{category}”{len(issue.members)} 件"
        f"{times}，{trend}。"
    )


def course(issue: HotIssue) -> Markup:
    """Messages over time as bars; the first and last step say when."""
    top = max(issue.course) or 1
    step = WIDTH / len(issue.course)
    bars = [_bar(place, count, top, step) for place, count in enumerate(issue.course)]
    low = str(HEIGHT - 4)
    begin = element("text", stamp(issue.course_since)[5:], class_="ax", x="0", y=low)
    end = element("text", stamp(issue.course_until)[5:], class_="ax end", x=str(WIDTH), y=low)
    words = f"各时段件数：{'、'.join(map(str, issue.course))}"
    return element(
        "svg", [*bars, begin, end], class_="course", viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img", aria_label=words
    )


def _bar(place: int, count: int, top: int, step: float) -> list[Markup]:
    room = HEIGHT - 42
    height = room * count / top
    x, y = place * step + 4, 20 + room - height
    bar = element(
        "rect", class_="br", x=f"{x:.1f}", y=f"{y:.1f}", width=f"{step - 8:.1f}", height=f"{max(height, 1):.1f}"
    )
    words = (
        element("text", str(count), class_="bt", x=f"{x + step / 2 - 4:.1f}", y=f"{y - 5:.1f}") if count else Markup()
    )
    return [bar, words]
