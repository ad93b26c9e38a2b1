"""What all tests share. Rasa is imported here as the product imports it: without TensorFlow."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import structlog

from helder.brain import lightly

lightly.install()
# Rasa describes every event at DEBUG; where a test looks at logs it configures them itself.
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))

from tests.running import Running, running  # noqa: E402 - only after the line above


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The four processes, started once for all tests that only talk to them."""
    with running(tmp_path_factory.mktemp("stack")) as started:
        yield started
