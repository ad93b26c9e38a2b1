"""Everything that the actions work with, built once from the settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from actions.wording import Phrases
from helder.content.policies import Kept, load_retention
from helder.conversation.clock import utc_now
from helder.conversation.entries import ConversationId
from helder.conversation.proofs import CUSTOMER, ORDER, Proofs
from helder.database import connect
from helder.handoff.messages import Messages
from helder.handoff.opening import OpeningHours, load_opening
from helder.installation import anchor_of, keyring_of
from helder.settings import Settings
from helder.shop.gate import ProvenShop
from helder.shop.http import HttpShop
from helder.shop.port import ShopBackend
from helder.shop.proof import Prover
from helder.shop.seed import open_shop
from helder.shop.transport import Transport


@dataclass(frozen=True)
class Services:
    """The services below the dialogue. `clock` gives aware times."""

    backend: ShopBackend
    prover: Prover
    proofs: Proofs
    messages: Messages
    hours: OpeningHours
    kept: Kept
    phrases: Phrases
    clock: Callable[[], datetime] = utc_now

    def shop(self, conversation: str) -> ProvenShop:
        """The shop as this conversation may see it."""
        return ProvenShop(self.backend, Evidence(self.proofs, ConversationId(conversation)))


@dataclass(frozen=True)
class Evidence:
    """What one conversation has proven, for the gate."""

    proofs: Proofs
    conversation: ConversationId

    def orders(self) -> tuple[str, ...]:
        """See helder.shop.gate.Evidence."""
        return self.proofs.subjects(self.conversation, ORDER)

    def customers(self) -> tuple[str, ...]:
        """See helder.shop.gate.Evidence."""
        return self.proofs.subjects(self.conversation, CUSTOMER)


def build(settings: Settings) -> Services:
    """The services of this installation.

    Raises:
        PolicyError, HoursError, KeyringError: something is missing; the message says what.
    """
    engine = connect(settings.database_url)
    keyring = keyring_of(settings)
    backend = backend_of(settings)
    return Services(
        backend=backend,
        prover=Prover(backend),
        proofs=Proofs(engine, keyring, anchor_of(settings)),
        messages=Messages(engine, keyring),
        hours=load_opening(settings.project / "policies" / "opening_hours.yml"),
        kept=load_retention(settings.project / "policies" / "retention.yml"),
        phrases=Phrases(settings.project / "data" / "responses"),
    )


def backend_of(settings: Settings) -> ShopBackend:
    """The company's own shop, or the example."""
    if settings.shop_api:
        return HttpShop(Transport(settings.shop_api, settings.shop_api_key))
    return open_shop(settings.shop_url, policies=settings.project / "policies")
