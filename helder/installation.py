"""The keyring, the anchor, the shop and the consents of this installation, as its settings say."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import Engine

from helder.audit.audit import Audit
from helder.audit.sighting import FileAuditAnchor
from helder.consent.purposes import Purposes, load_purposes
from helder.consent.records import Consents
from helder.content.notices import FOLDER, load_notices
from helder.content.policies import load_retention
from helder.conversation.anchor import FileAnchor
from helder.conversation.clock import Clock, utc_now
from helder.conversation.keyring import FileKeyring, HeldKeyring, Keyring
from helder.conversation.keysources import CommandKeyring, EnvironmentKeyring
from helder.conversation.proofs import Proofs
from helder.decisions.archive import Archive
from helder.decisions.explainer import Explainer
from helder.decisions.words import Words
from helder.handoff.packet_words import FILE as PACKET
from helder.handoff.packet_words import load_packet
from helder.handoff.summary import Summaries
from helder.responses import Phrases
from helder.settings import SettingError, Settings
from helder.shop.facts import FACTS
from helder.shop.http import HttpShop
from helder.shop.policy import ShopPolicy
from helder.shop.port import ShopBackend
from helder.shop.seed import open_shop
from helder.shop.sql import SqlShop
from helder.shop.transport import Transport
from helder.texts import pick


def keyring_of(settings: Settings) -> HeldKeyring:
    """The keys that conversations are encrypted with.

    Raises:
        SettingError: it is not said where the keys are.
        KeyringError: a key is missing, damaged or readable by others.
    """
    if settings.keys_from == "environment":
        return EnvironmentKeyring(_given(settings.key_material, "HELDER_KEY_MATERIAL"))
    if settings.keys_from == "command":
        return CommandKeyring(_given(settings.keys_command, "HELDER_KEYS_COMMAND"))
    return FileKeyring(settings.keys)


def anchor_of(settings: Settings) -> FileAnchor:
    """The anchor outside the database. Raises AnchorError: it is missing or unusable."""
    return FileAnchor(settings.anchor)


def audit_of(settings: Settings, engine: Engine, keyring: Keyring, clock: Clock = utc_now) -> Audit:
    """Who did what at the desk, in this database and with this installation's anchor."""
    return Audit(engine, keyring, clock, FileAuditAnchor(settings.anchor))


def shop_of(settings: Settings) -> ShopBackend:
    """The company's own shop, or the example.

    Raises:
        PolicyError: a policy of the example cannot be used.
    """
    if settings.shop_api:
        return HttpShop(Transport(settings.shop_api, settings.shop_api_key))
    return open_shop(settings.shop_url, policies=settings.project / "policies")


def deciding_by(shop: ShopBackend, policy: ShopPolicy) -> ShopBackend:
    """The same shop by other policies; a company's own shop has its own."""
    return shop.deciding_by(policy) if isinstance(shop, SqlShop) else shop


def explainer_of(settings: Settings) -> Explainer:
    """Explains decisions by every version that ever decided here. Raises PolicyError."""
    words = Words.of(settings.project / "policies", FACTS)
    return Explainer(words, Archive(settings.var / "policies", FACTS).find)


def summaries_of(settings: Settings) -> Summaries:
    """Sums conversations up in the words of this installation.

    Raises:
        PolicyError, PolicyRefused: a policy cannot be used.
    """
    phrases = Phrases(settings.project / "data" / "responses")

    def need(intent: str, language: str) -> str | None:
        key = f"utter_reading_{intent}"
        return phrases.text(key, pick(language)) if phrases.has(key) else None

    words = load_packet(settings.project / "policies" / PACKET)
    return Summaries(words, explainer_of(settings), need)


def consent_policy(policies: Path) -> tuple[Purposes, int]:
    """What customers are asked for, and the version of the notice that they are shown before.

    Raises:
        PolicyRefused: a policy cannot be used.
    """
    purposes = load_purposes(policies / "consent.yml", load_retention(policies / "retention.yml"))
    return purposes, load_notices(policies / FOLDER).current


def consents_of(settings: Settings, proofs: Proofs, clock: Clock = utc_now) -> Consents:
    """What customers have agreed to. Raises PolicyRefused: a policy cannot be used."""
    return Consents(proofs, *consent_policy(settings.project / "policies"), clock)


def _given(value: str | None, name: str) -> str:
    if not value:
        raise SettingError(f"HELDER_KEYS_FROM needs the setting {name}, which is not set.")
    return value
