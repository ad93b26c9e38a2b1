"""All that the desk works with, built once from the settings."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import phonenumbers
from sqlalchemy.engine import Engine
from starlette.requests import Request

from helder import keyfiles
from helder.consent.records import Consents
from helder.content.policies import load_masking, load_retention
from helder.conversation.clock import Clock, minute, utc_now
from helder.conversation.log import ConversationLog
from helder.conversation.proofs import Proofs
from helder.database import connect
from helder.desk.letters import Letters
from helder.desk.lockout import Lockout
from helder.desk.recording import Recording
from helder.desk.replies import Replies
from helder.desk.signing import Signing
from helder.desk.texts import Texts
from helder.desk.unmasked import Unmasked
from helder.handoff.activity import Activities
from helder.handoff.claims import Claims
from helder.handoff.opening import load_opening
from helder.handoff.policy import HandoffPolicy, load_handoff
from helder.handoff.presence import Presences
from helder.handoff.preview import Previews
from helder.handoff.priority import Priority, load_priority
from helder.handoff.reason_words import ReasonWords, load_reason_words
from helder.handoff.standing import Standing, Standings
from helder.handoff.summary import Summaries
from helder.handoff.talking import Talking
from helder.installation import anchor_of, audit_of, consents_of, keyring_of, summaries_of
from helder.live.changes import Changes
from helder.masking.masker import Masker
from helder.reread import RasaRereader, Rereader
from helder.settings import Settings
from helder.staff.employees import Employees
from helder.staff.proving import Proving
from helder.staff.sessions import Sessions
from helder.texts import Texts as CustomerTexts
from helder.writes import Writes


@dataclass(frozen=True)
class Desk:
    """The services. `kept_days`: how long the gateway keeps messages; `region`: our country."""

    settings: Settings
    engine: Engine
    writes: Writes
    letters: Letters
    signing: Signing
    employees: Employees
    proving: Proving
    sessions: Sessions
    presences: Presences
    log: ConversationLog
    changes: Changes
    activities: Activities
    recording: Recording
    claims: Claims
    summaries: Summaries
    rereader: Rereader
    consents: Consents
    talking: Talking
    standings: Standings
    priority: Priority
    handoff: HandoffPolicy
    reasons: ReasonWords
    masker: Masker
    unmasked: Unmasked
    replies: Replies
    lockout: Lockout
    texts: Texts
    zone: ZoneInfo
    region: str
    kept_days: int
    clock: Clock

    def line(self) -> tuple[Standing, ...]:
        """Everybody in line, in order."""
        return self.standings.all()

    def minute(self) -> int:
        """Now, in minutes since 1970."""
        return minute(self.clock())


def build(settings: Settings, clock: Clock = utc_now) -> Desk:
    """Connect everything; nothing runs yet.

    Raises:
        KeyringError, TextsError, HoursError, PolicyRefused: what is wrong, in a sentence.
    """
    policies = settings.project / "policies"
    hours = load_opening(policies / "opening_hours.yml")
    kept = load_retention(policies / "retention.yml")
    engine, keyring = connect(settings.database_url), keyring_of(settings)
    employees = Employees(engine, keyring)
    log = ConversationLog(engine, keyring, clock, anchor_of(settings))
    recording = Recording(audit_of(settings, engine, keyring, clock))
    texts, summaries = CustomerTexts(policies / "texts.yml"), summaries_of(settings)
    priority = load_priority(policies / "priority.yml")
    handoff = load_handoff(policies / "handoff.yml")
    own_number = phonenumbers.parse(hours.phone_international)
    return Desk(
        settings=settings,
        engine=engine,
        writes=Writes(engine),
        letters=Letters(engine, keyring, clock),
        signing=Signing(keyfiles.desk_key(settings.keys), clock),
        employees=employees,
        proving=Proving(employees, clock),
        sessions=Sessions(engine, employees, clock),
        presences=Presences(engine, clock),
        log=log,
        changes=Changes(log),
        activities=Activities(engine, clock),
        recording=recording,
        claims=Claims(log, texts, priority, handoff, recording, Previews(log, summaries)),
        summaries=summaries,
        rereader=RasaRereader(settings.rasa_url, keyfiles.internal_secret(settings.keys)),
        consents=consents_of(settings, Proofs(engine, keyring, anchor_of(settings)), clock),
        talking=Talking(log, texts, recording),
        standings=Standings(engine, priority, clock),
        priority=priority,
        handoff=handoff,
        reasons=load_reason_words(policies / "reasons.yml"),
        masker=Masker(load_masking(policies / "masking.yml").exported),
        unmasked=Unmasked(),
        replies=Replies(policies / "replies.yml"),
        lockout=Lockout(clock),
        texts=Texts(policies / "desk.yml"),
        zone=hours.zone,
        region=phonenumbers.region_code_for_number(own_number) or "NL",
        kept_days=kept.message_days,
        clock=clock,
    )


def desk_of(request: Request) -> Desk:
    """The desk that serves this request."""
    desk: Desk = request.app.state.desk
    return desk
