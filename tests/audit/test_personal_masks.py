"""Masks of single fields, and personal data found in the free text of what citizens report."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, String, Table

from access.actor import Actor
from access.personal import (
    MASKS,
    is_id_number,
    mask_address,
    mask_id_number,
    mask_name,
    mask_phone,
    mask_text,
    masked,
)
from audit_people import OFFICER

pytestmark = pytest.mark.feature(139)
WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
SPOKEN = str.maketrans("0123456789", "零幺二三四五六拐八九")
PLAIN_SPOKEN = str.maketrans("0123456789", "〇一二三四五六七八九")
LINES = 2000

MOBILE_FORMS: tuple[Callable[[str], str], ...] = (
    lambda n: n,
    lambda n: n.translate(WIDE),
    lambda n: n.translate(SPOKEN),
    lambda n: n.translate(PLAIN_SPOKEN),
    lambda n: f"{n[:3]} {n[3:7]} {n[7:]}",
    lambda n: f"{n[:3]}-{n[3:7]}-{n[7:]}",
    lambda n: f"{n[:3]}－{n[3:7]}－{n[7:]}".translate(WIDE),
    lambda n: f"+86{n}",
    lambda n: f"+86 {n[:3]} {n[3:7]} {n[7:]}",
    lambda n: f"0086-{n}",
    lambda n: f"86-{n[:3]}-{n[3:]}",
    " ".join,
    lambda n: f"{n[:3]}.{n[3:7]}.{n[7:]}",
    lambda n: f"（{n[:3]}）{n[3:]}",
    lambda n: n[:3] + n[3:7].translate(WIDE) + n[7:],
    lambda n: f"{n[:7]} {n[7:]}",
    lambda n: f"{n[:5]}-{n[5:]}",
    lambda n: n[:3].translate(SPOKEN) + n[3:7] + n[7:].translate(SPOKEN),
)
LANDLINE_FORMS: tuple[Callable[[str], str], ...] = (
    lambda n: f"0768-{n}",
    lambda n: f"0768{n}",
    lambda n: f"（0768）{n}",
    lambda n: f"0768 {n[:3]} {n[3:]}",
    lambda n: f"0768-{n}".translate(WIDE),
    lambda n: f"电话{n}",
    lambda n: f"固话：{n}",
    lambda n: f"+86 768 {n}",
)
ID_FORMS: tuple[Callable[[str], str], ...] = (
    lambda n: n,
    lambda n: n.translate(WIDE),
    lambda n: f"{n[:6]} {n[6:14]} {n[14:]}",
    lambda n: f"{n[:6]}-{n[6:10]}-{n[10:14]}-{n[14:]}",
    lambda n: n.lower(),
)
TEMPLATES = (
    "{p}", "市民来电反映路灯不亮，联系电话{p}。", "我是王五{p}，楼上装修太吵", "电话{p}转张三", "2026-11-22 {p} 来电",
    "请回复{p}，谢谢！", "工单202611220001，来电号码：{p}，已转办", "手机{p}一直打不通", "联系方式[{p}]", "{p}/{q}",
    "反映人李四,{p},湘桥区城新西路", "投诉编号HX2026-0098765，{p}，噪声 65.5 分贝", "第一次打{p}没人接",
)  # fmt: skip
HARMLESS = (
    "工单编号 202611221405330001 已派遣", "订单号 445120261122140533",
    "2026-11-22 14:32:08 水位 3.52 米，流量 1380 立方米",
    "今年 1-9 月工业增加值 138.65 亿元，增长 5.8%", "预算 18 3000 50000 三项", "经度 116.6302 纬度 23.6618",
    "PM2.5 浓度 35 微克/立方米，湿度 68%", "第一季度三十五家企业一二三产占比 8.5:48.2:43.3", "邮编 521000",
    "合同金额 13800000.00 元", "设备编号 A13-80013-8000 故障", "三八妇女节活动一百二十人参加", "车牌 粤U12345",
    "IP 192.168.138.1 端口 8050", "序号 100000000000001 共 15 位", "楼长 138 米、宽 25 米、高 88 米",
    "统一社会信用代码 91445100MA4UX0000X", "2026年1月3日至2026年12月31日", "编号 20261122-0001-0002",
    "热线 12345 已接 1380 件，其中市级 380 件", "市民反映多次来电无人处理", "群众强烈要求修路", "尺寸 5x8x12",
    "本人多次反映", "工单 GD2026112213800138 已办结", "坐标 116.63021380,23.66180138",
)  # fmt: skip


def mobile(dice: random.Random) -> str:
    return f"1{dice.choice('3456789')}" + "".join(dice.choice("0123456789") for _ in range(9))


def landline(dice: random.Random) -> str:
    return dice.choice("2678") + "".join(dice.choice("0123456789") for _ in range(6))


def id_number(dice: random.Random) -> str:
    day = f"{dice.randint(1940, 2015)}{dice.randint(1, 12):02}{dice.randint(1, 28):02}"
    stem = f"{dice.choice(['445102', '445103', '445122', '110101', '513021'])}{day}{dice.randint(0, 999):03}"
    return next(stem + check for check in "0123456789X" if is_id_number(stem + check))


KINDS = ((mobile, MOBILE_FORMS), (landline, LANDLINE_FORMS), (id_number, ID_FORMS))


def corpus() -> list[tuple[str, list[str]]]:
    """Made lines, each with the secrets it holds as plain digits."""
    dice = random.Random(445100)
    lines = []
    for _ in range(LINES):
        make, forms = dice.choices(KINDS, weights=(6, 2, 2))[0]
        secret, other = make(dice), mobile(dice)
        template = dice.choice(TEMPLATES)
        text = template.format(p=dice.choice(forms)(secret), q=other)
        lines.append((text, [secret, other] if "{q}" in template else [secret]))
    return lines


def bare(text: str) -> str:
    """The text as a reader who wants the number reads it."""
    back = str.maketrans("０１２３４５６７８９Ｘ零幺二三四五六拐八九〇一七x", "0123456789X01234567890" + "17X")
    return "".join(character for character in text.translate(back) if character not in " -－.（）()")


def test_of_two_thousand_made_lines_at_least_99_in_100_show_no_number():
    exposed = [text for text, secrets in corpus() if any(secret in bare(mask_text(text)) for secret in secrets)]
    assert len(exposed) <= LINES // 100, exposed[:10]


def test_the_reader_of_this_test_sees_the_numbers_before():
    lines = corpus()
    assert sum(all(secret in bare(text) for secret in secrets) for text, secrets in lines) > 0.99 * len(lines)


def test_masking_the_corpus_twice_changes_nothing_and_adds_nothing():
    for text, _ in corpus():
        once = mask_text(text)
        assert mask_text(once) == once
        assert len(once) <= len(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_order_numbers_readings_and_dates_stay(text):
    assert mask_text(text) == text


def test_random_order_numbers_mostly_stay():
    dice = random.Random(7)
    numbers = [f"{dice.randint(2020, 2026)}{dice.randint(10**13, 10**14 - 1)}" for _ in range(500)]
    assert sum(mask_text(f"工单{number}") != f"工单{number}" for number in numbers) <= 5


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("联系人：张三，电话13800138000", "联系人：张*，电话138****8000"),
        ("市民欧阳峰反映井盖破损", "市民欧阳*反映井盖破损"),
        ("家住湘桥区城新西路12号3栋402房，漏水", "家住湘桥区城新西路**，漏水"),
        ("城新西路12号门前井盖破损", "城新西路12号门前井盖破损"),
        ("李女士 +86 138-0013-8000", "李女士 +86 138-****-8000"),
        ("幺三八零零幺三八零零零", "幺三八****八零零零"),
        ("身份证 445102199001011237，", "身份证 4451**********1237，"),
        ("身份证号码：４４５１０２１９９００１０１１２３７", "身份证号码：４４５１**********１２３７"),
        ("证件号是4451021990010112", "证件号是4451********0112"),
    ],
)
def test_masked_text_can_still_be_worked_with(text, shown):
    assert mask_text(text) == shown


@pytest.mark.parametrize(
    ("mask", "text", "shown"),
    [
        (mask_phone, "13800138000", "138****8000"),
        (mask_phone, "+86 138 0013 8000", "+86 138 **** 8000"),
        (mask_phone, "0768-2345678", "0768-*****78"),
        (mask_phone, "2345678", "*****78"),
        (mask_phone, "微信号abc", "******"),
        (mask_id_number, "44510219900307001X", "4451**********001X"),
        (mask_id_number, "445102900307001", "4451*******7001"),
        (mask_id_number, "护照E1234567", "**********"),
        (mask_name, "张三", "张*"),
        (mask_name, "欧阳娜娜", "欧阳**"),
        (mask_name, "张", "张"),
        (mask_address, "潮州市湘桥区城新西路12号3栋402房", "潮州市湘桥区城新西路**"),
        (mask_address, "幸福花园5栋", "幸福花园**"),
    ],
)
def test_each_kind_of_field_has_its_mask(mask, text, shown):
    assert mask(text) == shown
    assert mask(shown) == shown


@given(
    st.text(alphabet="0123456789０１２３幺三八 -+X张三丰湘桥路号abc，。*", max_size=40), st.sampled_from(sorted(MASKS))
)
def test_no_mask_says_more_the_second_time(text, kind):
    once = MASKS[kind](text)
    assert MASKS[kind](once) == once
    assert len(once) <= len(text)


PEOPLE = Table(
    "people_of_the_test",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("phone", String, info={"personal": "phone"}),
    Column("story", String, info={"personal": "text"}),
    Column("state", String),
)
ROW = {"id": 1, "phone": "13800138000", "story": "打13800138000找我", "state": "13800138000"}


def test_marked_columns_are_masked_for_everybody_and_not_sent_to_screens():
    shown = masked(PEOPLE, ROW, OFFICER)
    assert shown == {"id": 1, "phone": "138****8000", "story": "打138****8000找我", "state": "13800138000"}
    wall = Actor("大屏", "screen", kind="screen")
    assert masked(PEOPLE, ROW, wall)["phone"] is None
    assert masked(PEOPLE, {"id": 1, "phone": None}, OFFICER) == {"id": 1, "phone": None}
