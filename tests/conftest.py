"""What all tests share. Rasa is imported here as the product imports it: without TensorFlow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from structlog.types import EventDict

from helder.brain import lightly

lightly.install()


def _only_warnings(_logger: Any, method: str, event: EventDict) -> EventDict:
    # Rasa describes every event at DEBUG. (A test that captures logs still gets them all.)
    if method in ("debug", "info"):
        raise structlog.DropEvent
    return event


structlog.configure(processors=[_only_warnings, *structlog.get_config()["processors"]])

from tests.chromium import browser as browser  # noqa: E402 - after the settings above
from tests.postgres import empty as empty  # noqa: E402 - what must come first stands above
from tests.postgres import postgres as postgres  # noqa: E402 - what must come first stands above
from tests.running import Running, running  # noqa: E402 - only after the line above


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The four processes, started once for all tests that only talk to them."""
    with running(tmp_path_factory.mktemp("stack")) as started:
        yield started
