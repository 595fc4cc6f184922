"""Secrets of sources: the catalogue holds the NAME of an environment variable, never the secret itself."""

from __future__ import annotations

import os
from typing import Annotated

from pydantic import Field

from datasources.delivery.observation import SourceFailed

SecretName = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{2,63}$")]
"""Name of an environment variable, such as ENV_STATION_URL."""


def secret(name: str) -> str:
    """What the environment variable holds; SourceFailed names the variable, never a value."""
    value = os.environ.get(name, "").strip()
    if not value:
        raise SourceFailed(f"环境变量 {name} 未设置或为空；请由系统管理员在服务器上设置后重启", permanent=True)
    return value
