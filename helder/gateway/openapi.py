"""The description of the customers' API, for people and for tests that try every corner of it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    content: dict[str, Any] = YAML(typ="safe").load(Path(__file__).with_name("openapi.yml"))
    return content
