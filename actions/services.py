"""Everything that the actions work with, built once from the settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from actions.flows import Flow, read_flows
from helder.consent.records import Consents
from helder.content.policies import Kept, Pages, load_pages, load_retention
from helder.conversation.clock import utc_now
from helder.conversation.entries import ConversationId
from helder.conversation.proofs import Proofs
from helder.database import connect
from helder.decisions.archive import Archive
from helder.decisions.explainer import Explainer
from helder.handoff.messages import Messages
from helder.handoff.opening import OpeningHours, load_opening
from helder.handoff.presence import Presences
from helder.installation import (
    anchor_of,
    consent_policy,
    consents_of,
    deciding_by,
    explainer_of,
    keyring_of,
    shop_of,
)
from helder.keyfiles import internal_secret
from helder.links import InvoiceLink, Links, ReceiptLink
from helder.optout.records import OptOuts
from helder.optout.remembered import Remembered
from helder.reread import RasaRereader, Rereader
from helder.responses import Phrases
from helder.settings import Settings
from helder.shop.account import OwnAccount
from helder.shop.facts import FACTS
from helder.shop.gate import ProvenShop
from helder.shop.mail_limits import MailLimits
from helder.shop.model import Invoice
from helder.shop.policy import ShopPolicy, Terms, load_policy
from helder.shop.port import ShopBackend
from helder.shop.proof import Prover
from helder.vocabulary.model import Vocabulary
from helder.vocabulary.reading import load_vocabulary


def _nobody(_language: str) -> bool:
    return False


@dataclass(frozen=True)
class Services:
    """The services below the dialogue. `clock` gives aware times."""

    backend: ShopBackend
    prover: Prover
    proofs: Proofs
    consents: Consents
    opt_outs: OptOuts
    messages: Messages
    hours: OpeningHours
    kept: Kept
    pages: Pages
    policy: ShopPolicy
    explainer: Explainer
    links: Links
    address: str  # where customers reach the gateway
    phrases: Phrases
    vocabulary: Vocabulary
    flows: Mapping[str, Flow]
    clock: Callable[[], datetime] = utc_now
    mail_limits: MailLimits = field(default_factory=MailLimits)
    rereader: Rereader | None = None  # who reads a message again; nobody where no Rasa runs
    handoff_open: Callable[[str], bool] = _nobody  # is a person there who speaks this language?

    def shop(self, conversation: str) -> ProvenShop:
        """The shop as this conversation may see it."""
        return ProvenShop(self.backend, self.consents.evidence(ConversationId(conversation)))

    @property
    def terms(self) -> Terms:
        """What the policies that are in force say in general."""
        return self.policy.terms(self.clock())

    def account(self, conversation: str) -> OwnAccount:
        """The account of the customer who signed in here."""
        return OwnAccount(self.backend, self.consents.evidence(ConversationId(conversation)))

    def receipt_link(self, receipt: str, conversation: str, language: str) -> str:
        """The address at which this conversation's customer opens a receipt, for a while."""
        link = ReceiptLink(conversation, receipt, language)
        return f"{self.address}/receipts/{self.links.seal(link)}"

    def link_to(self, invoice: Invoice, conversation: str, language: str) -> str:
        """The address at which this conversation's customer opens an invoice, for a while."""
        link = InvoiceLink(conversation, invoice.order, invoice.number, language)
        return f"{self.address}/invoices/{self.links.seal(link)}"


def build(settings: Settings) -> Services:
    """The services of this installation.

    Raises:
        PolicyError, HoursError, VocabularyError, KeyringError: something is missing; the message
            says what.
    """
    policy = load_policy(settings.project / "policies")
    engine = connect(settings.database_url)
    keyring = keyring_of(settings)
    backend = shop_of(settings)
    anchor = anchor_of(settings)
    proofs = Proofs(engine, keyring, anchor)
    consents = consents_of(settings, proofs)
    return Services(
        backend=backend,
        prover=Prover(backend, granted=consents.granted),
        proofs=proofs,
        consents=consents,
        opt_outs=OptOuts(proofs, Remembered(engine, keyring, anchor=anchor)),
        messages=Messages(engine, keyring),
        hours=load_opening(settings.project / "policies" / "opening_hours.yml"),
        kept=load_retention(settings.project / "policies" / "retention.yml"),
        pages=load_pages(settings.project / "policies" / "pages.yml"),
        policy=policy,
        explainer=_explainer(settings, policy),
        links=Links(keyring),
        address=settings.public_address,
        phrases=Phrases(settings.project / "data" / "responses"),
        vocabulary=load_vocabulary(settings.project / "words"),
        flows=read_flows(settings.project / "data" / "rules"),
        rereader=RasaRereader(settings.rasa_url, internal_secret(settings.keys)),
        handoff_open=Presences(engine).anybody,
    )


def renewed(services: Services, settings: Settings) -> Services:
    """The same services with texts, words, hours and policies as they are written now.

    Who proves an order keeps counting: the prover stays.

    Raises:
        PolicyError, HoursError, VocabularyError, PolicyRefused: one of them cannot be used.
    """
    policies = settings.project / "policies"
    policy = load_policy(policies)
    consent = consent_policy(policies)
    made = replace(
        services,
        backend=deciding_by(services.backend, policy),
        hours=load_opening(policies / "opening_hours.yml"),
        kept=load_retention(policies / "retention.yml"),
        pages=load_pages(policies / "pages.yml"),
        policy=policy,
        explainer=_explainer(settings, policy),
        phrases=Phrases(settings.project / "data" / "responses"),
        vocabulary=load_vocabulary(settings.project / "words"),
        flows=read_flows(settings.project / "data" / "rules"),
    )
    services.consents.renew(*consent)  # last: whatever is refused above changes nothing
    return made


def _explainer(settings: Settings, policy: ShopPolicy) -> Explainer:
    """Explains by every version that ever decided here; those of now are kept for later."""
    Archive(settings.var / "policies", FACTS).keep(policy.versions())
    return explainer_of(settings)
