"""What people and factories do in the demo city: work, rush hours, visitors, kilns, complaints, by local minutes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from demo_city import almanac, weather
from demo_city.axis import DAY
from demo_city.episodes import CITY, COUNTIES, between
from demo_city.noise import Floats, Ints, wander
from demo_city.weather import bump

Hours = Sequence[float]

_LIFE: Hours = (
    0.16, 0.1, 0.07, 0.06, 0.07, 0.14, 0.32, 0.6, 0.95, 1.2, 1.25, 1.15,
    0.85, 0.82, 1.05, 1.15, 1.15, 1.05, 0.9, 0.85, 0.78, 0.62, 0.42, 0.26,
)  # fmt: skip
_RUSH: Hours = (
    0.02, 0.0, 0.0, 0.0, 0.01, 0.06, 0.28, 0.78, 1.0, 0.6, 0.42, 0.5,
    0.52, 0.42, 0.42, 0.48, 0.62, 0.92, 1.0, 0.7, 0.42, 0.26, 0.14, 0.06,
)  # fmt: skip
_MEAL: Hours = (
    0.05, 0.02, 0.0, 0.0, 0.0, 0.02, 0.12, 0.25, 0.2, 0.15, 0.3, 0.85,
    1.0, 0.6, 0.2, 0.2, 0.4, 0.85, 1.2, 1.1, 0.8, 0.6, 0.35, 0.15,
)  # fmt: skip
_STROLL: Hours = (
    0.05, 0.02, 0.01, 0.01, 0.01, 0.03, 0.12, 0.25, 0.5, 0.8, 1.0, 0.95,
    0.75, 0.8, 0.95, 1.05, 1.05, 1.0, 1.1, 1.25, 1.2, 0.85, 0.4, 0.15,
)  # fmt: skip
_OFFICE: Hours = (
    0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.05, 0.25, 0.85, 1.0, 1.0, 0.9,
    0.35, 0.35, 0.9, 1.0, 1.0, 0.75, 0.25, 0.12, 0.08, 0.04, 0.0, 0.0,
)  # fmt: skip
_POWER: Hours = (
    0.3, 0.22, 0.18, 0.16, 0.17, 0.22, 0.36, 0.52, 0.74, 0.9, 0.97, 0.96,
    0.8, 0.82, 0.95, 1.0, 1.0, 0.98, 0.95, 0.96, 0.92, 0.78, 0.58, 0.42,
)  # fmt: skip

_OLD_TOWN = {"445102": 1.0, "445100": 1.0, "445185": 0.25, "445103": 0.15, "445122": 0.1}
"""How much of the crowd of the old town (古城) a region feels."""


def _by_hour(shape: Hours, time: Ints) -> Floats:
    """The day's shape at each instant, straight between the middles of its hours."""
    place = (time % DAY) / 60.0 - 0.5
    left = np.floor(place).astype(np.int64)
    values = np.array(shape)
    return values[left % 24] + (place - left) * (values[(left + 1) % 24] - values[left % 24])


def life(seed: int, region: str, time: Ints) -> Floats:
    """People awake and about: calls, reports, alarms follow it. Mean over a day 0.65."""
    return _by_hour(_LIFE, time)


def rush(seed: int, region: str, time: Ints) -> Floats:
    """Load of the roads: two peaks on workdays, a flat midday on days off, empty at 春节."""
    rest = almanac.is_rest(time // DAY)
    days_off = 0.62 * _by_hour(_MEAL, time).clip(max=1.0)
    shape = np.where(rest > 0.5, days_off, _by_hour(_RUSH, time))
    return shape * (1.0 - 0.35 * almanac.spring_festival(time // DAY))


def meal(seed: int, region: str, time: Ints) -> Floats:
    """Cooking and eating out."""
    return _by_hour(_MEAL, time)


def night(seed: int, region: str, time: Ints) -> Floats:
    """High from evening to dawn: muck lorries, charging at home."""
    return 1.3 - _by_hour(_LIFE, time)


def load(seed: int, region: str, time: Ints) -> Floats:
    """Shape of the day's electricity."""
    return _by_hour(_POWER, time)


def work(seed: int, region: str, time: Ints) -> Floats:
    """Offices at work: 0 at night, 1 on workday mornings, 0.3 of it on days off."""
    return _by_hour(_OFFICE, time) * (1.0 - 0.7 * rest(seed, region, time))


def hall(seed: int, region: str, time: Ints) -> Floats:
    """Crowd in the service halls: office hours, fuller on Mondays."""
    monday = almanac.weekday(time // DAY) == 0
    return work(seed, region, time) * (1.0 + 0.35 * monday)


def rest(seed: int, region: str, time: Ints) -> Floats:
    """1 on days off."""
    return almanac.is_rest(time // DAY)


def fest(seed: int, region: str, time: Ints) -> Floats:
    """How much the city keeps 春节, 0 to 1."""
    return almanac.spring_festival(time // DAY)


def term(seed: int, region: str, time: Ints) -> Floats:
    """1 while schools teach."""
    return almanac.in_term(time // DAY)


def progress(seed: int, region: str, time: Ints) -> Floats:
    """Part of the year gone by."""
    return almanac.year_part(time // DAY)


def harvest(seed: int, region: str, time: Ints) -> Floats:
    """Spring tea in April and May, a smaller autumn crop in October."""
    part = almanac.year_part(time // DAY) * 12.0
    return np.exp(-(((part - 4.2) / 0.8) ** 2)) + 0.5 * np.exp(-(((part - 9.6) / 0.8) ** 2))


def crowding(seed: int, region: str, time: Ints) -> Floats:
    """A big event in the old town, 0 to about 1."""
    total = np.zeros(len(time))
    for episode in between(seed, "crowding", int(time.min()), int(time.max()) + 1):
        total += episode.strength * bump(time, episode.begin, episode.finish)
    return total


def tour(seed: int, region: str, time: Ints) -> Floats:
    """Visitors, in the crowd of an ordinary weekend day at its height: weekends, holidays, events, less in rain."""
    day = time // DAY
    pull = 0.38 + 0.62 * almanac.is_rest(day) + almanac.festival_visitors(day)
    return _by_hour(_STROLL, time) * pull / (1.0 + 0.04 * weather.rain(seed, region, time)) * (
        1.0 + 0.08 * wander(seed, "visitors", time / (2.0 * DAY))
    ) + 1.2 * crowding(seed, region, time)


def oldtown(seed: int, region: str, time: Ints) -> Floats:
    """Visitors as felt around the old town."""
    return _OLD_TOWN.get(region, 0.0) * tour(seed, region, time)


def orders(seed: int, region: str, time: Ints) -> Floats:
    """Order books of the export clusters, about -2 to 2: a slow curve, mostly shared by the counties."""
    shared = wander(seed, "orders", time / (100.0 * DAY))
    return 0.9 * shared + 0.3 * wander(seed, f"orders/{region}", time / (100.0 * DAY))


def kiln_cut(seed: int, region: str, time: Ints) -> Floats:
    """1 while kilns stand still for want of power."""
    total = np.zeros(len(time))
    for episode in between(seed, "kiln_cut", int(time.min()), int(time.max()) + 1):
        edge = np.minimum(time - episode.begin, episode.finish - time) / 60.0
        total += episode.local_weight(region, seed) * np.clip(edge, 0.0, 1.0)
    return np.minimum(total, 1.2)


def kiln(seed: int, region: str, time: Ints) -> Floats:
    """Kilns above or below their usual heat, about -0.6 to 0.2: orders, Sundays, 春节, power cuts."""
    sunday = almanac.weekday(time // DAY) == 6
    festival = 0.35 * almanac.spring_festival(time // DAY)
    return 0.07 * orders(seed, region, time) - 0.05 * sunday - festival - 0.38 * kiln_cut(seed, region, time)


def kiln_month(seed: int, region: str, time: Ints) -> Floats:
    """Month-to-month ups and downs of firing: order books over weeks, without 春节."""
    return 0.05 * wander(seed, "firing", time / (30.4375 * DAY)) + 0.05 * orders(seed, region, time)


def hot(seed: int, region: str, time: Ints) -> Floats:
    """A hotspot of complaints in one county, 0 to about 1; a quarter of it is felt in the city's means."""
    total = np.zeros(len(time))
    for episode in between(seed, "hotspot", int(time.min()), int(time.max()) + 1):
        share = 1.0 / len(COUNTIES) if region == CITY else 1.0
        total += share * episode.weight(region) * bump(time, episode.begin, episode.finish) ** 0.5
    return total


def drift(indicator: str) -> Driver:
    """The slow worsening planted in one indicator: up to about 1 at the end of an episode."""

    def worsening(seed: int, region: str, time: Ints) -> Floats:
        total = np.zeros(len(time))
        for episode in between(seed, "drift", int(time.min()), int(time.max()) + 1):
            if episode.indicators == (indicator,) and region in (*episode.regions, CITY):
                inside = (time >= episode.begin) & (time <= episode.finish)
                total[inside] += episode.strength * (time[inside] - episode.begin) / (episode.finish - episode.begin)
        return total

    return worsening


Driver = Callable[[int, str, Ints], Floats]
"""What moves indicators: (seed, region, local minutes) -> its strength at each instant."""

DRIVERS: dict[str, Driver] = {
    made.__name__: made
    for made in (
        weather.rain,
        weather.wet,
        weather.river,
        weather.storm,
        weather.storm_alert,
        weather.heat,
        weather.cold,
        weather.sun,
        weather.smog,
        weather.summer,
        weather.winter,
        weather.wetday,
        weather.typhoon,
        weather.flu,
        life,
        rush,
        meal,
        night,
        load,
        work,
        hall,
        rest,
        fest,
        term,
        progress,
        harvest,
        tour,
        oldtown,
        orders,
        kiln_cut,
        kiln,
        kiln_month,
        hot,
    )
}


def driver(name: str) -> Driver:
    """The driver of that name; `drift:EVT-09` is the drift planted in EVT-09."""
    kind, _, indicator = name.partition(":")
    return drift(indicator) if kind == "drift" else DRIVERS[name]
