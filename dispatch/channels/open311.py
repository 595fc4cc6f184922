"""The event forwarded to a department that runs Open311 GeoReport v2 itself: one POST to its requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dispatch.undelivered import NotDelivered

if TYPE_CHECKING:
    from dispatch.outbox import Delivery


class Spec(BaseModel):
    """Options of the channel. `services`: their service code by our category; `secret` names the api_key variable."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(pattern=r"^https?://[^\s]+$", description="their root, without /requests.json")
    secret: str = Field(pattern=r"^[A-Z][A-Z0-9_]{2,60}$")
    jurisdiction: str = ""
    services: dict[str, str] = Field(default_factory=dict)
    seconds: float = Field(default=10.0, gt=0, le=60)


def send(delivery: Delivery, secret: Callable[[str], str | None]) -> None:
    """POST a service request when the department is given the event; other moves have no place in Open311."""
    try:
        spec = Spec.model_validate(dict(delivery.options))
    except ValidationError as wrong:
        raise NotDelivered(f"open311 设置有误：{wrong.errors()[0]['loc']}", permanent=True) from wrong
    if delivery.payload["action"] not in ("dispatch", "grant_transfer"):
        return
    key = secret(spec.secret)
    if not key:
        raise NotDelivered(f"没有设置密钥 {spec.secret}", permanent=True)
    try:
        answer = httpx.post(
            f"{spec.url.rstrip('/')}/requests.json", data=fields(delivery, spec, key), timeout=spec.seconds,
            headers={"Idempotency-Key": delivery.key}, trust_env=False,
        )  # fmt: skip
    except httpx.HTTPError as error:
        raise NotDelivered(f"连接失败：{type(error).__name__}") from error
    if not answer.is_success:
        raise NotDelivered(f"对方返回 {answer.status_code}", permanent=answer.status_code in (400, 401, 403, 404))


def fields(delivery: Delivery, spec: Spec, key: str) -> dict[str, str]:
    """The form of POST Service Request; the place by coordinates or in words."""
    told = delivery.payload
    made = {
        "api_key": key,
        "service_code": spec.services.get(told["category"], told["category"]),
        "description": f"[{told['number']}] {told['title']}",
        "account_id": told["number"],
    }
    if spec.jurisdiction:
        made["jurisdiction_id"] = spec.jurisdiction
    if told["lon"] is not None and told["lat"] is not None:
        made |= {"lat": str(told["lat"]), "long": str(told["lon"])}
    else:
        made["address_string"] = told["place"] or told["region_name"]
    return made
