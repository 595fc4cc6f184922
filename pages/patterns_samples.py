"""Sample values for the pattern page: invented, never from the store, every figure marked as such on the page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from components.chart import Cell, Forecast, Goal, Note, Part, Row, Trend
from components.place import Place
from components.shown import Shown
from components.tile import Lit
from components.timeline import Act
from components.video_tile import Camera
from datasources.delivery.period import Frequency
from dispatch.loop import DecisionRow, Loop, LoopStage, Share, TickerRow
from dispatch.stage import Stage
from indicators.comparison import Against, Change, Gap, Measure, Progress
from indicators.definition import Indicator, RegionKind, Theme
from indicators.reading import Freshness, Provenance, Reading, World
from indicators.states import Light, ThemeState, Track

NOW = datetime(2026, 11, 22, 6, 32, 8, tzinfo=UTC)
CITY = "445100"
PLACE = Place(World.DEMO, CITY, CITY)
FALLING = (6.2, 6.0, 5.8, 5.9, 5.5, 5.2, 5.1, 4.9, 4.6, 4.3, 4.2, 3.7)
RISING = (30.1, 31.4, 33.0, 32.6, 35.2, 36.0, 37.9, 39.5, 40.1, 42.2, 43.7, 44.8)
_UNITS = {"fgj": "财政局", "gxj": "工信局", "wjj": "卫健局", "hbj": "生态局", "sjj": "市监局"}


def _indicator(name: str, unit: str, decimals: int, owner: str) -> Indicator:
    return Indicator(
        code="SMP-01", theme="sample_theme", name=name, definition="样例", unit=unit, decimals=decimals,
        frequency=Frequency.MONTHLY, basis="period", direction="higher_better", aggregation="ratio",
        levels=(RegionKind.CITY,), owner=owner, source="sample",
    )  # fmt: skip


def _reading(
    value: float | None,
    unit: str,
    provenance: Provenance,
    freshness: Freshness = Freshness.FRESH,
    age: timedelta = timedelta(minutes=2),
    period: str = "2026-11-22T14:30",
    reason: str | None = None,
) -> Reading:
    moment = NOW - age
    return Reading(
        "SMP-01", CITY, period, value, unit, moment, moment, freshness, provenance, "sample", World.DEMO, reason=reason
    )


def _shown(
    name: str,
    reading: Reading,
    track: Track = Track.ON,
    *,
    decimals: int = 1,
    owner: str = "fgj",
    change: Change | None = None,
    progress: Progress | None = None,
    trend: tuple[float, ...] = RISING,
) -> Shown:
    return Shown(
        _indicator(name, reading.unit, decimals, owner), reading, track, _UNITS[owner], change, progress, trend
    )


def _up(amount: float, measure: Measure = Measure.PERCENT, against: Against = Against.YEAR) -> Change:
    return Change(amount, measure, against, "2025-11", 1.0)


ON_TRACK = _shown(
    "一般公共预算收入",
    _reading(44.82, "亿元", Provenance.LIVE),
    decimals=2,
    change=_up(3.4),
    progress=Progress(0.891, 0.88, False, Gap.REACHED, 89.1, False, 50.3, "样例"),
)
LAGGING = _shown(
    "规上工业增速",
    _reading(3.7, "%", Provenance.PUBLISHED, period="2026-10"),
    Track.OFF,
    owner="gxj",
    change=_up(-0.5, Measure.POINTS, Against.PERIOD),
    progress=Progress(0.74, 1.0, True, Gap.SHORT, 1.3, True, 5.0, "样例"),
    trend=FALLING,
)
LATE = _shown(
    "社会消费品零售总额",
    _reading(524.9, "亿元", Provenance.PUBLISHED, Freshness.LATE, timedelta(days=3), "2026-10", "晚于约定 3 天"),
    owner="gxj",
    change=_up(3.6),
)
STALE = _shown(
    "三甲门诊平均候诊",
    _reading(31, "分钟", Provenance.LIVE, Freshness.STALE, timedelta(days=2), "2026-11-20T14:00", "超过约定周期"),
    Track.STALE,
    decimals=0,
    owner="wjj",
    change=_up(-4, Measure.UNITS, Against.WEEK),
    trend=tuple(reversed(RISING)),
)
DEAD = _shown(
    "食品抽检合格率",
    _reading(98.2, "%", Provenance.LIVE, Freshness.DEAD, timedelta(days=9), "2026-11-13", "接口 9 天无应答"),
    Track.STALE,
    owner="sjj",
    change=_up(0.2, Measure.POINTS, Against.WEEK),
)
SIMULATED = _shown(
    "PM2.5 小时浓度",
    _reading(24, "微克/立方米", Provenance.SIMULATED),
    decimals=0,
    owner="hbj",
    change=_up(3, Measure.UNITS, Against.DAY),
    progress=Progress(0.69, 1.0, False, Gap.MARGIN, 11, False, 35, "样例"),
)
MANUAL = _shown("在建重点项目", _reading(187, "个", Provenance.MANUAL, period="2026-10"), decimals=0, owner="fgj")
MISSING = _shown(
    "特种设备在线监测率",
    _reading(None, "%", Provenance.LIVE, Freshness.DEAD, reason="未接入，计划 2026-12，责任单位 市监局"),
    Track.MISSING,
    owner="sjj",
    trend=(),
)
FACES = {
    "正常": (ON_TRACK, "灰条=达到时序；竖线=此刻应到的位置。"),
    "落后目标": (LAGGING, "亮条+粗字=落后；涨跌只用 ▲▼，不着色。"),
    "迟到": (LATE, "在宽限期内：数值照常，小章「迟」。"),
    "数据过期": (STALE, "数字降为次要色，标「过期」，不参与态势判定。"),
    "中断": (DEAD, "保留最近一次有效值，写明多久以前。"),
    "模拟 / 预测": (SIMULATED, "虚下划线+「模」，不单独成为大数。"),
    "人工填报": (MANUAL, "「填」：由责任单位填报并复核。"),
    "无数据": (MISSING, "没有就是没有：写「—」与原因，不写 0。"),
}


def _lit(name: str, light: Light, shown: Shown | None, reason: str) -> Lit:
    theme = Theme(
        id="sample_theme", name=name, short=name[:4], group="样例", function="公共服务", dimension="样例",
        lead=("fgj",), plan_projects=(1,), description="样例",
    )  # fmt: skip
    return Lit(theme, ThemeState("sample_theme", light, reason, "SMP-01", (), 3, 3, 0, 0), shown)


TILES = (
    _lit("经济运行", Light.NORMAL, ON_TRACK, "全部达到时序"),
    _lit("产业集群", Light.ATTENTION, LAGGING, "规上工业增速低于目标 1.3pp"),
    _lit("医疗卫生", Light.STALE, STALE, "主要指标数据过期"),
    _lit("大气环境", Light.NORMAL, SIMULATED, "样例"),
    _lit("特种设备", Light.UNCONNECTED, None, "尚无数据接入"),
)
LOOP = Loop(
    "demo",
    CITY,
    NOW,
    tuple(
        LoopStage(stage, *numbers)
        for stage, numbers in zip(
            Stage,
            (
                (5, 186, 120, 0, 0), (3, 181, 240, 0, 0), (7, 178, 360, 0, 2), (58, 171, 11520, 4, 0),
                (9, 113, 660, 0, 0), (12, 104, 2280, 1, 2), (4, 92, 300, 0, 0), (0, 88, None, 0, 0),
            ),
            strict=True,
        )
    ),
    186,
    Share(81, 84),
    98,
    5,
    11,
    3,
    True,
)  # fmt: skip
TICKER = (
    TickerRow(NOW - timedelta(minutes=3), "SMP-0004", 3, "龟湖排涝站 2# 机停机", "水务局 → 湘桥区", True),
    TickerRow(NOW - timedelta(minutes=9), "SMP-0003", 0, "南春路路灯不亮", "湘桥区 → 城管局", True),
    TickerRow(NOW - timedelta(minutes=20), "SMP-0002", 2, "意溪镇积水 0.4 米", "立案", True),
    TickerRow(NOW - timedelta(hours=1), "SMP-0001", 4, "古巷镇噪声投诉", "结案", True),
)
DECISIONS = (
    DecisionRow(2, "暴雨橙色预警：湘桥、潮安北部", "气象台", "建议启动防汛Ⅲ级会商", "SMP-0005",
                since=NOW - timedelta(minutes=72), simulated=True),
    DecisionRow(3, "韩江潮安站预计 19:00 达警戒", "水务局", "建议通知沿江镇街", "SMP-0006",
                eta=NOW + timedelta(hours=4, minutes=28), simulated=True),
    DecisionRow(0, "枫溪瓷土堆场扬尘两次退回", "枫溪区", "待指定牵头单位", "SMP-0007",
                sla=NOW - timedelta(hours=2, minutes=14), overdue=True, simulated=True),
)  # fmt: skip
REACHED = {
    stage: NOW - timedelta(hours=hours)
    for stage, hours in zip(list(Stage)[:4], (5.2, 5.0, 4.6, 3.9), strict=True)
}  # fmt: skip
ACTS = (
    Act(NOW - timedelta(minutes=27), "令", "市领导批示：转移意溪低洼户", "应急局", "要求 16:00 前反馈", filled=True),
    Act(NOW - timedelta(hours=3.9), "派", "派遣至湘桥区城管局", "指挥中心", "协办：水务局"),
    Act(NOW - timedelta(hours=5.0), "立", "立案，时限 6 小时", "受理员"),
    Act(NOW - timedelta(hours=5.2), "受", "12345 来电受理", "受理员"),
)
CAMERAS = (
    Camera("湘子桥（广济桥）", "湘桥", Provenance.LIVE, NOW - timedelta(minutes=48)),
    Camera("凤凰山景区", "潮安", Provenance.LIVE, connected=False),
)
MONTHS = [f"2025-{month:02}" for month in range(2, 13)] + [f"2026-{month:02}" for month in range(1, 11)]
_GROWTH = (6.2, 6.0, 5.8, 5.5, 5.6, 5.9, 6.1, 6.0, 5.9, 5.9, 5.6, 5.8, 5.4, 5.1, 5.2, 4.9, 4.6, 4.4, 4.2, 4.0, 3.7)
TREND = Trend(
    "规上工业增加值累计增速", "%", MONTHS, _GROWTH, basis="ytd", goal=Goal(5.0),
    forecast=Forecast(
        ["2026-11", "2026-12", "2027-01", "2027-02"], [3.8, 3.9, 4.1, 4.3], [3.3, 3.0, 2.9, 2.8], [4.3, 4.8, 5.3, 5.8]
    ),
    notes=(Note("2026-02", "陶瓷出口退税调整"), Note("2026-04", "三环二期投产")),
)  # fmt: skip
POWER = Trend(
    "全社会用电量", "万千瓦时", [f"2026-02-{day:02}" for day in range(5, 25)],
    [4100, 4050, 3980, 3890, 3720, 3500, 3280, 3050, 2790, 2520,
     2380, 2290, 2350, 2480, 2710, 2980, None, 3520, 3690, 3800],
    decimals=0,
    before=[4010, 3990, 3900, 3810, 3600, 3420, 3180, 2960, 2700, 2480,
            2330, 2250, 2300, 2450, 2650, 2900, 3180, 3400, 3580, 3700],
    before_words="上年农历同期", notes=(Note("2026-02-17", "春节"),), zero=True,
)  # fmt: skip
REGIONS = (
    Row("全市", 3.7, 5.9, strong=True),
    Row("湘桥区", 4.6, 5.2, href=PLACE.in_region("/patterns", "445102")),
    Row("饶平县", 4.3, 4.8, href=PLACE.in_region("/patterns", "445122")),
    Row("潮安区", 3.9, 6.4, href=PLACE.in_region("/patterns", "445103")),
    Row("枫溪区", 2.8, 6.0),
)
PARTS = tuple(
    Part(name, value)
    for name, value in (
        ("陶瓷", -0.9), ("不锈钢", -0.6), ("电力", -0.5), ("服装婚纱", -0.4), ("电子信息", -0.2),
        ("印刷包装", 0.1), ("食品", 0.3),
    )
)  # fmt: skip
FIRST, LAST = Part("上年同期", 5.9), Part("1–10月", 3.7)
HOT = tuple(
    Row(name, value, before)
    for name, value, before in (
        ("积水内涝", 64, 12), ("停车占道", 38, 42), ("噪声扰民", 31, 29), ("供水停水", 27, 16), ("社保咨询", 22, 25),
    )
)  # fmt: skip
CELLS = tuple(
    Cell(name, [round(value + shift - index * slope, 2) for index, value in enumerate(_GROWTH)])
    for name, shift, slope in (
        ("湘桥区", 0.2, -0.03),
        ("饶平县", -0.5, -0.05),
        ("潮安区", 0.1, 0.0),
        ("枫溪区", 0.4, 0.06),
    )
)  # fmt: skip
