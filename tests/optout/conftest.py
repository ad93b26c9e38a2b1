"""Opt-outs in a log of one's own, on both databases; the clock is moved."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helder.conversation.entries import ConversationId
from helder.conversation.log import ConversationLog
from helder.conversation.proofs import CUSTOMER, Proofs
from helder.optout.records import OptOuts
from helder.optout.remembered import Remembered
from tests.conversation.conftest import (  # noqa: F401 - fixtures
    MovedClock,
    clock,
    engine,
    keyring,
    log,
)
from tests.databases import both as database  # noqa: F401 - a fixture


@pytest.fixture
def remembered(log: ConversationLog, clock: MovedClock) -> Remembered:  # noqa: F811 - the fixture, not the import
    return Remembered(log.engine, log.keyring, clock, log.anchor)


@pytest.fixture
def proofs(log: ConversationLog) -> Proofs:  # noqa: F811 - the fixture, not the import
    return Proofs(log.engine, log.keyring)


@pytest.fixture
def opt_outs(proofs: Proofs, remembered: Remembered, clock: MovedClock) -> OptOuts:  # noqa: F811 - the fixture, not the import
    return OptOuts(proofs, remembered, clock)


@pytest.fixture
def mine(log: ConversationLog) -> ConversationId:  # noqa: F811 - the fixture, not the import
    """Of somebody whom nobody knows."""
    return log.open("nl", timedelta(hours=1)).conversation


@pytest.fixture
def known(log: ConversationLog, proofs: Proofs) -> ConversationId:  # noqa: F811 - the fixture, not the import
    """Of customer C-1, who signed in."""
    conversation = log.open("nl", timedelta(hours=1)).conversation
    proofs.record(conversation, CUSTOMER, "C-1")
    return conversation
