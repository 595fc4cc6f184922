"""One role and what keeps roles apart, in the shape `roles.yaml` writes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from access.actor import ActorKind
from access.territory import Level

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,38}$")]
Text = Annotated[str, Field(min_length=1, max_length=300)]
Word = Annotated[str, Field(min_length=1, max_length=60)]
ACTING_WORD = "acting"
"""Stands for every right whose use leaves a record."""


class Written(BaseModel):
    """Base of the entries: frozen, a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Role(Written):
    """What its holders may do, at which levels, and which roles they may give."""

    key: Key = Field(description="name used everywhere; never change it once accounts have it")
    name: Text = Field(description="as people read it")
    words: Text = Field(description="whom it is for, in one sentence")
    kind: ActorKind = Field(default="person", description="person; screen and program are held by tokens alone")
    levels: tuple[Level, ...] = Field(min_length=1, description="city, county, town: where it exists")
    rights: tuple[Word, ...] = Field(min_length=1, description="words of access/rights.py")
    of_department: bool = Field(default=False, description="true: always granted for one department")
    second_factor: bool = Field(default=False, description="true: no sign-in with a password alone")
    gives: Mapping[Level, tuple[Key, ...]] = Field(
        default_factory=dict, description="roles its holders may give, by the level they hold it at"
    )


class Separation(Written):
    """Two groups of rights that nobody may hold from both of, whatever roles they come from."""

    key: Key = Field(description="short name")
    words: Text = Field(description="why, as the administrator reads it when a grant is refused")
    one: tuple[Word, ...] = Field(min_length=1, description=f"rights, or {ACTING_WORD}")
    other: tuple[Word, ...] = Field(min_length=1, description=f"rights, or {ACTING_WORD}")


class RolesHead(Written):
    """What stands above the lists of roles.yaml."""

    version: Literal[1] = Field(description="version of this format")


class OutsideGroup(Written):
    """Members of a group of the unified sign-in hold this role."""

    group: Text = Field(description="the group as the provider names it")
    role: Key = Field(description="role they hold")
    region: Word = Field(description="where, in quotes")
    department: str = Field(default="", description="for which department, if the role has one")


class RolesFile(RolesHead):
    """roles.yaml: who may do what, and where."""

    roles: tuple[Role, ...] = Field(description="all roles, the most responsible first")
    separations: tuple[Separation, ...] = Field(description="what must not meet in one person")
    groups: tuple[OutsideGroup, ...] = Field(description="groups of the unified sign-in and their roles")
