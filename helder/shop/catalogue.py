"""What the example shop sells, and on which terms: catalogue.yml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from .model import PaymentMethod


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, Any]:
    """What is in catalogue.yml."""
    text = Path(__file__).with_name("catalogue.yml").read_text(encoding="utf-8")
    data: Mapping[str, Any] = yaml.safe_load(text)
    return data


def payment_methods(country: str) -> tuple[PaymentMethod, ...]:
    """The ways to pay in a country; none where the shop does not deliver."""
    return tuple(map(PaymentMethod, catalogue()["payment_methods"].get(country.upper(), ())))
