"""One event from the photo on a phone to the evaluation: town, city, county, department and back, five people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dispatch.state import ACTION_NAMES, Action
from product import PIXEL, SESSION_COOKIE, Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

COUNTY, TOWN = "445102", "445102100"
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
TITLE = "五人走一遍：锡美村涵洞积水"


class Person:
    """Somebody signed in, with a browser profile of their own."""

    def __init__(self, context: Any) -> None:
        self.page = context.new_page()

    def at(self, path: str) -> Person:
        self.page.goto(path)
        return self

    def does(self, action: str, note: str = "", **choices: str) -> None:
        """Open the form of an act, fill it in, send it, and read that it is done."""
        seen = self.press(action)
        for name, value in choices.items():
            self.choose(name, value)
        if note:
            self.page.fill(".aform [name=note]", note)
        self.page.click(".aform [type=submit]")
        self.page.locator(".anote", has_text=f"已{ACTION_NAMES[Action(action)]}").wait_for()
        self.page.locator(f'.abar:not([data-version="{seen}"])').wait_for()

    def press(self, action: str) -> str:
        """By its element: what is said above the buttons comes and goes and moves them. The version that was seen."""
        self.page.locator(f'.abar [data-do="{action}"]:not([aria-disabled])').first.evaluate("one => one.click()")
        self.page.locator(f'.aform form[data-action="{action}"]').wait_for()
        return str(self.page.get_attribute(".abar .aform", "data-version"))

    def choose(self, name: str, value: str) -> None:
        """An option of a list, or one of few side by side."""
        if self.page.locator(f".aform select[name={name}]").count():
            self.page.select_option(f".aform select[name={name}]", value)
        else:
            self.page.check(f'.aform [name={name}][value="{value}"]')


Come = Callable[..., Person]


@pytest.fixture
def house(open_house) -> Product:
    return open_house[0]


@pytest.fixture
def come(one_browser, house: Product) -> Iterator[Come]:
    """`come("county_officer", region=COUNTY, person="second")`."""
    opened = []

    def start(role: str, size: dict[str, int], *, region: str = "", department: str = "", person: str = "") -> Person:
        with house.people() as people:
            session = people.session(role, region, department, person)
        made = one_browser.new_context(base_url=house.url, locale="zh-CN", reduced_motion="reduce", viewport=size)
        made.add_cookies([{"name": SESSION_COOKIE, "value": session, "url": house.url, "httpOnly": True}])
        made.set_default_timeout(20_000)
        opened.append(made)
        return Person(made)

    yield start
    for context in opened:
        context.close()


@pytest.mark.feature(51, 64, 113, 154, 162)
def test_five_people_take_one_event_from_a_photo_to_its_evaluation(come: Come, house: Product) -> None:
    town = come("town_officer", PHONE, region=TOWN)
    number = reported(town)

    county = come("county_officer", WIDE, region=COUNTY).at(f"/event/{number}")
    county.does("accept")
    county.does("escalate", "镇里泵车不够，由区中心接手")
    county.does("receive")
    county.does("escalate", "涵洞权属跨区，请市中心定夺")
    city = come("city_officer", WIDE).at(f"/event/{number}")
    city.does("receive")
    city.does("refer", "已协调，请湘桥区就近办理", region=COUNTY)
    county.does("receive")
    register(county)
    county.press("dispatch")
    lead(county, "water_bureau")
    county.page.click(".aform [type=submit]")
    county.page.locator(".anote", has_text="已派遣").wait_for()

    water = come("department_handler", PHONE, department="water_bureau").at(f"/event/{number}")
    water.does("sign")
    water.does("handle")
    water.does("report", "积水已排空")

    county.does("verify", "现场比对，问题已解决")
    second = come("county_officer", WIDE, region=COUNTY, person="second").at(f"/event/{number}")
    second.does("close", "办理完毕")
    second.does("call_back", "已电话回访", satisfied="true")
    second.does("evaluate", score="5")

    city.page.locator(".st8 li.d", has_text="评价").wait_for()
    told = house.json(f"/api/v1/events/{number}/ledger")["items"]
    assert [row["action"] for row in told if row["action"] != "confirm"] == [
        "open", "accept", "escalate", "receive", "escalate", "receive", "refer", "receive", "register", "dispatch",
        "sign", "handle", "report", "verify", "close", "call_back", "evaluate",
    ]  # fmt: skip
    assert len({row["actor"] for row in told}) == 5
    city.at("/evaluation?world=real&by=department&measure=closed_on_time_rate&part=good&row=water_bureau")
    city.page.locator("#panel-evaluation-standings", has_text="水务局").wait_for()
    rates = house.json("/api/v1/evaluation?by=department&department=water_bureau")["items"][0]["rates"]
    on_time = next(one for one in rates if one["measure"] == "closed_on_time_rate")
    assert number in on_time["good"]


def reported(town: Person) -> str:
    """The number of what the town's officer reports from the phone, with a photo."""
    page = town.at("/report?world=real").page
    page.fill("form.rf [name=title]", TITLE)
    page.fill("form.rf [name=lon]", "116.6405")
    page.fill("form.rf [name=lat]", "23.6995")
    page.get_by_role("button", name="道路积水").click()
    photo = {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": PIXEL}
    page.set_input_files("form.rf [data-photos] >> nth=0", photo)
    page.click("form.rf [type=submit]")
    return page.inner_text(".rdone b").strip()


def register(who: Person) -> None:
    """Straight on where a collector reported, after a look on the spot where the public did."""
    who.page.locator(".abar .ab").first.wait_for()
    if who.page.locator('.abar [data-do="register"]:not([aria-disabled])').count() == 0:
        who.does("confirm", "现场属实")
    who.does("register")


def lead(who: Person, department: str) -> None:
    """The lead as the power list proposes it, or another by name."""
    row = f'form.crews [name=lead][value="{department}"]'
    who.page.locator("form.crews").wait_for()
    if who.page.locator(row).count():
        who.page.check(row)
    else:
        who.page.select_option("form.crews [name=other_lead]", department)
