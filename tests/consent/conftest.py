"""Consents in a log of one's own; the clock is moved."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from helder.consent.purposes import Purposes
from helder.consent.records import Consents
from helder.conversation.entries import ConversationId
from helder.conversation.log import ConversationLog
from helder.conversation.proofs import Proofs
from helder.installation import consent_policy
from tests.conversation.conftest import (  # noqa: F401 - fixtures
    MovedClock,
    clock,
    database,
    engine,
    keyring,
    log,
)

POLICIES = Path(__file__).resolve().parents[2] / "policies"


@pytest.fixture
def purposes() -> Purposes:
    return consent_policy(POLICIES)[0]


@pytest.fixture
def proofs(log: ConversationLog) -> Proofs:  # noqa: F811 - the fixture, not the import
    return Proofs(log.engine, log.keyring)


@pytest.fixture
def consents(proofs: Proofs, purposes: Purposes, clock: MovedClock) -> Consents:  # noqa: F811 - the fixture, not the import
    return Consents(proofs, purposes, notice=1, clock=clock)


@pytest.fixture
def mine(log: ConversationLog) -> ConversationId:  # noqa: F811 - the fixture, not the import
    return log.open("nl", timedelta(hours=1)).conversation
