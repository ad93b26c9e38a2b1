"""Both databases, for tests of what must hold on either.

A test module that says `from tests.databases import both as database` runs once on each.
"""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(params=["sqlite", "postgresql"])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a new, empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'helder.db'}"
    url: str = request.getfixturevalue("empty")
    return url
