"""All that the gateway works with, built once from the settings."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache, partial

import structlog
from sqlalchemy.engine import Engine

from helder.brain.client import BrainClient
from helder.consent.records import Consents
from helder.content.notices import FOLDER, load_notices
from helder.content.policies import (
    Kept,
    check_texts,
    load_masking,
    load_privacy,
    load_retention,
)
from helder.content.told import load_told
from helder.conversation.anchor import FileAnchor
from helder.conversation.clock import Clock, utc_now
from helder.conversation.entries import ConversationId, Head, Owner
from helder.conversation.inbox import Inbox
from helder.conversation.log import ConversationLog
from helder.conversation.proofs import Proofs
from helder.conversation.retention import LONGEST_WAIT_MINUTES
from helder.conversation.shredding import Shredder
from helder.conversation.transaction import Reader
from helder.database import connect
from helder.forgetting import Forgetting
from helder.gateway.disclosure import Disclosure
from helder.gateway.erasing import Erases
from helder.gateway.limits import Limits
from helder.gateway.line import Line
from helder.gateway.metrics import EXPIRED
from helder.gateway.person import TakesMessages
from helder.gateway.turnlocks import turn_locks
from helder.gateway.turns import Turns
from helder.gateway.waiting_words import WaitingWords
from helder.gateway.without_ai import WithoutAI
from helder.handoff import tickets
from helder.handoff.activity import CUSTOMER, Activities
from helder.handoff.asking import Asking
from helder.handoff.messages import Messages
from helder.handoff.opening import load_opening
from helder.handoff.policy import load_handoff
from helder.handoff.presence import Presences
from helder.handoff.preview import Previews
from helder.handoff.priority import load_priority
from helder.handoff.ratings import Ratings
from helder.handoff.standing import Standings
from helder.installation import anchor_of, consents_of, keyring_of, shop_of, summaries_of
from helder.keyfiles import internal_secret
from helder.links import Links
from helder.live.changes import Changes
from helder.masking.masker import Masker
from helder.optout.records import OptOuts
from helder.optout.remembered import Remembered
from helder.settings import Settings
from helder.shop.identity import IdentityVerifier
from helder.shop.port import ShopBackend
from helder.spent import SpentTokens
from helder.texts import Texts

logger = structlog.get_logger(__name__)
EXPIRE_EVERY_SECONDS = 60
# A customer whose gateway died waits at most twice as long for another to take the message up.
SWEEP_EVERY_SECONDS = 2


@dataclass
class Gateway:
    """The gateway's services."""

    settings: Settings
    engine: Engine
    anchor: FileAnchor
    log: ConversationLog
    inbox: Inbox
    proofs: Proofs
    consents: Consents
    kept: Kept
    forgetting: Forgetting
    messages: Messages
    brain: BrainClient
    changes: Changes
    person: TakesMessages
    without_ai: WithoutAI
    line: Line
    turns: Turns
    limits: Limits
    masker: Masker
    texts: Texts
    identity: IdentityVerifier | None
    spent: SpentTokens
    links: Links
    shop: Callable[[], ShopBackend]  # opened when it is first needed
    disclosure: Disclosure
    activities: Activities
    ratings: Ratings
    clock: Clock

    def colleague_types(self, conversation: ConversationId, head: Head) -> bool:
        """Does the colleague who has this conversation write something now?"""
        if head.owner is not Owner.EMPLOYEE:
            return False
        there = self.activities.of(conversation)
        return any(each.typing for each in there if each.who != CUSTOMER)


def build(settings: Settings, clock: Clock = utc_now) -> Gateway:
    """Connect everything; nothing runs yet.

    Raises:
        PolicyRefused, PolicyError, HandoffError: a policy cannot be used; the message says which
            and why.
    """
    policies = settings.project / "policies"
    kept, notices = load_retention(policies / "retention.yml"), load_notices(policies / FOLDER)
    masking = load_masking(policies / "masking.yml")
    load_privacy(policies / "privacy.yml")  # read when somebody asks for the page
    load_told(policies / "how_it_works.yml")  # the same
    check_texts(policies / "texts.yml")
    texts = Texts(policies / "texts.yml")
    engine = connect(settings.database_url)
    keyring, anchor = keyring_of(settings), anchor_of(settings)
    log = ConversationLog(engine, keyring, clock, anchor)
    inbox = Inbox(engine, keyring, anchor)
    brain = BrainClient(settings.rasa_url, internal_secret(settings.keys), settings.turn_timeout)
    changes = Changes(log)
    messages = Messages(engine, keyring)
    presences, asking = Presences(engine, clock), Asking(log, texts)
    previews = Previews(log, summaries_of(settings))
    person = TakesMessages(log, messages, texts, masking, asking, presences, previews, clock)
    shredder = Shredder(engine, keyring, clock, anchor)
    erases = Erases(log, shredder, changes, person, texts, clock)
    spent = SpentTokens(engine, clock)
    proofs = Proofs(engine, keyring, anchor)
    consents = consents_of(settings, proofs, clock)
    opt_outs = OptOuts(proofs, Remembered(engine, keyring, clock, anchor), clock)
    opening = load_opening(policies / "opening_hours.yml")
    without_ai = WithoutAI(log, opt_outs, messages, person, texts, opening, asking, presences)
    line = Line(
        log,
        asking,
        Standings(engine, load_priority(policies / "priority.yml"), clock),
        presences,
        load_handoff(policies / "handoff.yml"),
        WaitingWords(texts, opening, clock),
        previews,
        changes,
    )
    locks = turn_locks(engine, settings.turn_timeout)
    return Gateway(
        settings=settings,
        engine=engine,
        anchor=anchor,
        log=log,
        inbox=inbox,
        proofs=proofs,
        consents=consents,
        kept=kept,
        forgetting=Forgetting(engine, keyring, anchor, kept, clock, _needed(consents)),
        messages=messages,
        brain=brain,
        changes=changes,
        person=person,
        without_ai=without_ai,
        line=line,
        turns=Turns(log, inbox, brain, changes, person, without_ai, erases, locks),
        limits=Limits(settings),
        masker=Masker(masking.conversation),
        texts=texts,
        identity=_identity(settings, spent),
        spent=spent,
        links=Links(keyring, clock),
        shop=cache(partial(shop_of, settings)),
        disclosure=Disclosure(
            log, notices, kept.conversation_minutes, settings.public_address, clock
        ),
        activities=Activities(engine, clock),
        ratings=Ratings(log),
        clock=clock,
    )


@asynccontextmanager
async def running(gateway: Gateway) -> AsyncIterator[None]:
    """Answer what waits, watch for changes and forget in time, until the gateway stops."""
    work = (
        gateway.changes.follow(),
        gateway.turns.sweep(SWEEP_EVERY_SECONDS),
        gateway.line.look(),
        _expire(gateway),
    )
    tasks = [asyncio.create_task(each) for each in work]
    try:
        yield
    finally:
        gateway.changes.close()
        await gateway.turns.stop()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await gateway.brain.aclose()
        gateway.engine.dispose()


async def _expire(gateway: Gateway) -> None:
    while True:
        before = gateway.forgetting.expired
        await asyncio.to_thread(gateway.forgetting.once)
        EXPIRED.inc(gateway.forgetting.expired - before)
        try:
            await asyncio.to_thread(gateway.spent.expire)
        except Exception as error:
            # It must go on even after a failure, and the operator must see the failure.
            logger.error("expiry_failed", step="spent", exc_info=error)
        await asyncio.sleep(EXPIRE_EVERY_SECONDS)


def _needed(consents: Consents) -> Callable[[Reader], int]:
    """For how many minutes a conversation is kept beyond the usual: agreed to, or in line."""

    def minutes(reader: Reader) -> int:
        waits = tickets.open_of(reader.connection, reader.row.id) is not None
        return max(consents.agreed_minutes(reader), LONGEST_WAIT_MINUTES if waits else 0)

    return minutes


def _identity(settings: Settings, spent: SpentTokens) -> IdentityVerifier | None:
    if settings.identity_secret is None:
        return None
    audience, secret = settings.identity_audience, settings.identity_secret
    return IdentityVerifier(audience, secret=secret, spent=spent)
