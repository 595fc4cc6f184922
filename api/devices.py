"""Devices over the interface: vehicles, boats, patrols and sensors report their place; where they are now."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, Field

from api.map_values import world_of
from api.operation import WRITTEN, Ask, Operation
from api.shapes import SIMULATED_MARK, Query
from database.engine import reading, writing
from decisions import devices
from geography.coordinates import Point, System, convert
from indicators.reading import World

TAG = "地图"
MOST = 1000
"""Reports in one message."""


class DevicesQuery(Query):
    world: World | None = Field(default=None, description="缺省：演示城市有数据时为 demo，否则为 real")


class DeviceReport(BaseModel):
    """Where a device is. A report older than the device's newest changes nothing."""

    model_config = WRITTEN

    key: str = Field(min_length=1, max_length=60, description="来源系统中的编号")
    kind: Literal["vehicle", "boat", "patrol", "sensor"]
    name: str = Field(min_length=1, max_length=60)
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)
    at: AwareDatetime
    value: float | None = Field(default=None, allow_inf_nan=False, description="测值")
    unit: str = Field(default="", max_length=12)
    bound: float | None = Field(default=None, allow_inf_nan=False, description="测值上限，由来源系统设定")


class DeviceReports(BaseModel):
    model_config = WRITTEN

    world: World
    system: System = Field(
        default=System.WGS84, description="坐标系：wgs84、cgcs2000、gcj02（高德、腾讯）、bd09（百度）"
    )
    reports: list[DeviceReport] = Field(min_length=1, max_length=MOST)


class RefusedReport(BaseModel):
    index: int
    reason: str


class DevicesTaken(BaseModel):
    accepted: int
    late: int = Field(description="早于或等于已知时刻，不改变任何内容")
    refused: list[RefusedReport]


class DeviceColumns(BaseModel):
    """Devices as columns of equal length, WGS84."""

    world: World
    mark: str | None
    key: list[str]
    kind: list[str]
    name: list[str]
    lon: list[float]
    lat: list[float]
    at: list[datetime]
    text: list[str] = Field(description="测值，按界面写法；没有测值为空")
    over: list[bool]


def _take(ask: Ask) -> DevicesTaken:
    body: DeviceReports = ask.body
    found = [_report(one, body.system) for one in body.reports]
    with writing(ask.cockpit.engine) as connection:
        taken = devices.take(
            connection, ask.catalogue, ask.by, world=body.world.value, reports=found, now=ask.now
        )  # fmt: skip
    refused = [RefusedReport(index=index, reason=reason) for index, reason in taken.refused]
    return DevicesTaken(accepted=taken.accepted, late=taken.late, refused=refused)


def _report(one: DeviceReport, system: System) -> devices.Report:
    place = convert(Point(one.lon, one.lat), system, System.WGS84)
    return devices.Report(one.key, one.kind, one.name, place, one.at, one.value, one.unit, one.bound)


def _devices(ask: Ask) -> DeviceColumns:
    world = world_of(ask)
    with reading(ask.cockpit.engine) as connection:
        found = devices.seen(connection, ask.by, world=world.value, now=ask.now)
    return DeviceColumns(
        world=world,
        mark=SIMULATED_MARK if any(one.provenance == "simulated" for one in found) else None,
        key=[one.key for one in found],
        kind=[one.kind for one in found],
        name=[one.name for one in found],
        lon=[one.lon for one in found],
        lat=[one.lat for one in found],
        at=[one.at for one in found],
        text=["" if one.value is None else f"{one.value:g}{one.unit}" for one in found],
        over=[one.value is not None and one.bound is not None and one.value >= one.bound for one in found],
    )


OPERATIONS = (
    Operation(
        "GET", "/devices", "车船、巡查人员和传感器的最近位置（按列）", DeviceColumns, _devices, tag=TAG,
        right="indicators.view", query=DevicesQuery, topics=lambda ask: ["catalogue"],
        soft_seconds=10,
    ),
    Operation(
        "POST", "/devices/reports", "报送车船、巡查人员和传感器的位置与测值", DevicesTaken, _take, tag=TAG,
        right="readings.push", body=DeviceReports,
    ),
)  # fmt: skip
