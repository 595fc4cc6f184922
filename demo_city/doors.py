"""The doors by which live figures of the demo city come in: the same as for real ones (MQTT, push, drop folder)."""

from __future__ import annotations

import csv
import io
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import unquote, urlsplit

import orjson

from datasources.delivery.observation import Observation
from demo_city.layout import Sheet
from demo_city.noise import draw

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

log = logging.getLogger(__name__)

MESSAGE_ROWS = 1_000
"""Readings in one message: well below what the doors accept."""
_PATIENCE = timedelta(seconds=10).total_seconds()


class DoorClosed(Exception):
    """Nobody takes readings there at the moment; they wait and are offered again."""


class Door(Protocol):
    """Hands readings of one source in. Raises DoorClosed if they have not arrived."""

    def send(self, source: str, readings: Sequence[Observation]) -> None: ...

    def close(self) -> None: ...


class Token(Protocol):
    """Gives the text of a token, and another one once it is told that this one opens nothing."""

    def __call__(self) -> str: ...
    def forget(self) -> None: ...


@dataclass(frozen=True)
class Addresses:
    """Where the doors are. Without a broker streams are pushed; `drop_folder` is COCKPIT_DATA/drop."""

    push_url: str
    drop_folder: Path
    mqtt_url: str | None = None
    token: Token | None = None
    """Opens the door for pushes; None where nobody asks."""


def messages(source: str, readings: Sequence[Observation]) -> list[bytes]:
    """The readings as JSON messages of the one form that push and MQTT share."""
    return [
        orjson.dumps({"source": source, "readings": [_reading(one) for one in readings[at : at + MESSAGE_ROWS]]})
        for at in range(0, len(readings), MESSAGE_ROWS)
    ]


def _reading(one: Observation) -> dict[str, Any]:
    said = {"indicator": one.indicator, "region": one.region, "period": one.period, "value": one.value}
    if one.numerator is not None:
        said |= {"numerator": one.numerator, "denominator": one.denominator}
    return said


class PushDoor:
    """POST to the product's own server on this machine."""

    def __init__(self, url: str, token: Token | None = None) -> None:
        import httpx

        self._token = token
        self._client = httpx.Client(base_url=url, timeout=_PATIENCE, trust_env=False)

    def send(self, source: str, readings: Sequence[Observation]) -> None:
        """Push; DoorClosed while the server is not up. What it refuses for good is logged and left."""
        import httpx

        for message in messages(source, readings):
            try:
                answer = self._client.post("/api/v1/readings", content=message, headers=self._headers())
            except httpx.HTTPError as error:
                raise DoorClosed(f"push: {error}") from error
            if answer.status_code == 401 and self._token:
                self._token.forget()
            if answer.status_code >= 500 or answer.status_code in {401, 429}:
                raise DoorClosed(f"push: {answer.status_code}")
            if answer.is_error:
                log.error("push of %s refused: %s %s", source, answer.status_code, answer.text[:200])

    def _headers(self) -> dict[str, str]:
        named = {"Authorization": f"Bearer {self._token()}"} if self._token else {}
        return {"Content-Type": "application/json", **named}

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()


class MqttDoor:
    """Publish to city/<source>/readings, QoS 1: sent means that the broker has it."""

    def __init__(self, url: str) -> None:
        from paho.mqtt.client import Client
        from paho.mqtt.enums import CallbackAPIVersion

        address = urlsplit(url)
        self._connected = threading.Event()
        secure = address.scheme in ("mqtts", "ssl", "tls")
        self._client = Client(CallbackAPIVersion.VERSION2, client_id="demo-city", clean_session=True)
        if address.username:
            self._client.username_pw_set(unquote(address.username), unquote(address.password or ""))
        if secure:
            self._client.tls_set()
        self._client.on_connect = lambda *_: self._connected.set()
        self._client.on_disconnect = lambda *_: self._connected.clear()
        self._client.reconnect_delay_set(1, 30)
        port = address.port or (8883 if secure else 1883)
        self._client.connect_async(address.hostname or "127.0.0.1", port, keepalive=20)
        self._client.loop_start()

    def send(self, source: str, readings: Sequence[Observation]) -> None:
        """Publish and wait for the broker's receipt; DoorClosed without it. Nothing is published while it is away."""
        if not self._connected.wait(_PATIENCE):
            raise DoorClosed("mqtt: no broker")
        for message in messages(source, readings):
            sent = self._client.publish(f"city/{source}/readings", message, qos=1)
            try:
                sent.wait_for_publish(_PATIENCE)
            except (RuntimeError, ValueError) as error:
                raise DoorClosed(f"mqtt: {error}") from error
            if not sent.is_published():
                raise DoorClosed("mqtt: no receipt")

    def close(self) -> None:
        """End the network thread."""
        self._client.disconnect()
        self._client.loop_stop()


class DropDoor:
    """Lay a file into the drop folder, as a department would: a title, Chinese headings, a footnote; GBK or XLSX."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self._folder = folder
        self._catalogue = catalogue

    def send(self, source: str, readings: Sequence[Observation]) -> None:
        """Write the file under another name first, so that nobody reads half of it."""
        sheet = Sheet.of(self._catalogue, source, readings)
        as_workbook = draw(0, f"{source}/form") < 0.5
        place = self._folder / source
        target = place / f"{sheet.name}.{'xlsx' if as_workbook else 'csv'}"
        half = target.with_name(target.name + ".part")
        try:
            place.mkdir(parents=True, exist_ok=True)
            half.write_bytes(workbook(sheet) if as_workbook else gbk(sheet))
            half.replace(target)
        except OSError as error:
            raise DoorClosed(f"drop: {error}") from error

    def close(self) -> None:
        """Nothing is held open."""


def gbk(sheet: Sheet) -> bytes:
    """CSV as the office software of many departments saves it."""
    written = io.StringIO()
    csv.writer(written).writerows(sheet.lines)
    return written.getvalue().encode("gb18030")


def workbook(sheet: Sheet) -> bytes:
    """XLSX with numbers as numbers."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    page = book.create_sheet("报表")
    for line in sheet.lines:
        page.append(line)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
