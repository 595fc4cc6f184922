"""The name a person gives with a decision. Without accounts it cannot be verified, and the record says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from access.actor import Actor

Name = Annotated[str, Field(max_length=20, pattern=r"^[\w·. -]{1,20}$", description="经办人姓名；未建立账号前为自报")]


class Declared(BaseModel):
    """Base of bodies that a person answers for."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    person: Name | None = None


def declared(by: Actor, person: str | None) -> Actor:
    """The caller under the name the person gives, marked as given by themselves."""
    return by if person is None else replace(by, name=f"{person}（自报）")
