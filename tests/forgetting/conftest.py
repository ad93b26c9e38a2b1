"""A house for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.forgetting.house import House, in_memory, new_house


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder."""
    with in_memory() as made:
        yield made


@pytest.fixture
def house(folder: Path) -> Iterator[House]:
    with new_house(folder) as made:
        yield made
