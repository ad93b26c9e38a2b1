"""What a customer answered: append-only records, one after the other, in their conversation.

They are kept beside the proofs (helder/conversation/proofs.py): sealed under the conversation's
data key, counted in its authenticated row, and shredded with it. A yes is a record, and so are a no
and a withdrawal (GDPR art. 7(1) and (3)); none is ever changed. docs/adr/0013 says why none
outlives the conversation.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

from helder.consent.errors import NotGranted, UnknownPurpose, UnknownReceipt
from helder.consent.purposes import KEEP_CONVERSATION, Purpose, Purposes
from helder.conversation.clock import Clock, iso, minute, utc_now
from helder.conversation.entries import ConversationId, Draft
from helder.conversation.proofs import Evidence, Proofs, proven_in
from helder.conversation.transaction import Reader

CONSENT = "consent"  # a kind of proof, whose subject is a record as JSON
_DAY_MINUTES = 24 * 60


class State(str, Enum):
    """What the customer answered."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Method(str, Enum):
    """How they answered."""

    BUTTON = "button"
    WORDS = "words"
    PANEL = "panel"  # their own overview, outside the dialogue


@dataclass(frozen=True)
class Record:
    """One answer. `terms` is what a yes was given to, in both languages; see receipts.py.

    `notice` is the version of policies/notices that was shown. `time` is ISO 8601 in UTC.
    """

    id: str
    state: State
    purpose: str
    version: int
    language: str
    notice: int
    method: Method
    time: str
    terms: Mapping[str, Any] | None = None

    def written(self) -> str:
        """As it is sealed."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


class Consents:
    """Everything about consent in this installation's conversations.

    Each method raises UnknownConversation and Tampered, as the log does, and UnknownPurpose for a
    purpose that is not in consent.yml.
    """

    def __init__(
        self, proofs: Proofs, purposes: Purposes, notice: int, clock: Clock = utc_now
    ) -> None:
        self.purposes = purposes
        self._proofs = proofs
        self._notice = notice
        self._clock = clock

    def renew(self, purposes: Purposes, notice: int) -> None:
        """Go by consent.yml and the notices as they are written now."""
        self.purposes, self._notice = purposes, notice

    def evidence(self, conversation: ConversationId) -> Evidence:
        """What this conversation has proven and agreed to, for the services' gates."""
        return Evidence(self._proofs, conversation, self.granted)

    def records(self, conversation: ConversationId) -> tuple[Record, ...]:
        """All answers, oldest first."""
        return tuple(map(_read, self._proofs.subjects(conversation, CONSENT)))

    def states(self, conversation: ConversationId) -> dict[str, Record | None]:
        """The answer that holds now, for each purpose; None where the customer must be asked.

        An answer to another version of a purpose is none: what changed is asked anew.
        """
        last = {record.purpose: record for record in self.records(conversation)}
        found = {name: last.get(name) for name in self.purposes.all}
        return {
            name: record if record and record.version == self.purpose(name).version else None
            for name, record in found.items()
        }

    def answer(self, conversation: ConversationId, purpose: str) -> Record | None:
        """The answer that holds now, for one purpose."""
        self.purpose(purpose)
        return self.states(conversation)[purpose]

    def granted(self, conversation: ConversationId, purpose: str) -> bool:
        """Has the customer agreed, to this version, and not withdrawn?"""
        record = self.answer(conversation, purpose)
        return record is not None and record.state is State.GIVEN

    def require(self, conversation: ConversationId, purpose: str) -> None:
        """Nothing, or NotGranted."""
        if not self.granted(conversation, purpose):
            raise NotGranted(purpose)

    def in_force(self, conversation: ConversationId) -> tuple[str, ...]:
        """The purposes of which a yes was not taken back, to whichever version it was given.

        That is more than what is granted: keeping goes by what was promised.
        """
        last = {record.purpose: record for record in self.records(conversation)}
        given = (name for name, each in last.items() if each.state is State.GIVEN)
        return tuple(name for name in given if name in self.purposes.all)

    def give(
        self,
        conversation: ConversationId,
        purpose: str,
        language: str,
        method: Method,
        said: Draft | None = None,
        sent: str = "",
    ) -> Record:
        """The customer said yes. Saying it again changes nothing.

        `said` goes into the log in the same transaction. A yes that was `sent` (ISO 8601, UTC)
        before the last answer has waited, or is tried again: that answer holds, and is returned.
        """
        return self._record(State.GIVEN, conversation, purpose, language, method, said, sent)

    def decline(
        self,
        conversation: ConversationId,
        purpose: str,
        language: str,
        method: Method,
        said: Draft | None = None,
    ) -> Record:
        """The customer said no: a withdrawal after a yes, a refusal otherwise. It holds at once."""
        return self._record(State.REFUSED, conversation, purpose, language, method, said)

    def grant(self, conversation: ConversationId, receipt: str) -> tuple[Record, Record | None]:
        """The yes with this receipt, and what took it back.

        Raises:
            UnknownReceipt: there is none.
        """
        records = self.records(conversation)
        for place, record in enumerate(records):
            if record.id == receipt and record.state is State.GIVEN:
                later = (each for each in records[place + 1 :] if each.purpose == record.purpose)
                return record, next((each for each in later if each.state is not State.GIVEN), None)
        raise UnknownReceipt

    def agreed_minutes(self, reader: Reader) -> int:
        """How long the customer agreed to have their conversation kept; 0: no longer than needed.

        Keeping goes by what was promised, also if the purpose has a newer version since: those
        days, or fewer if retention.yml says fewer now.

        Raises:
            Tampered: a record is not what was written.
        """
        answers = [_read(subject) for kind, subject in proven_in(reader) if kind == CONSENT]
        mine = [each for each in answers if each.purpose == KEEP_CONVERSATION]
        return _kept(mine, self.purposes.keep_days)

    def purpose(self, name: str) -> Purpose:
        """A purpose of consent.yml."""
        if name not in self.purposes.all:
            raise UnknownPurpose(name)
        return self.purposes.all[name]

    def kept_days(self, conversation: ConversationId) -> int:
        """`agreed_minutes`, in days, for a conversation that is not being written to."""
        mine = [r for r in self.records(conversation) if r.purpose == KEEP_CONVERSATION]
        return _kept(mine, self.purposes.keep_days) // _DAY_MINUTES

    def _record(
        self,
        wanted: State,
        conversation: ConversationId,
        purpose: str,
        language: str,
        method: Method,
        said: Draft | None,
        sent: str = "",
    ) -> Record:
        """The answer, compared with the one before it and written in one transaction."""
        asked, now = self.purpose(purpose), self._clock()
        found: list[Record] = []

        def following(written: Sequence[str]) -> str | None:
            last = next((r for r in map(_read, reversed(written)) if r.purpose == purpose), None)
            if last and (_says(last, wanted, asked.version) or last.time > sent > ""):
                found.append(last)
                return None
            # A yes to an older version does not count any more, but must be seen to be taken back:
            # keeping still goes by it.
            given = last is not None and last.state is State.GIVEN
            state = State.WITHDRAWN if given and wanted is not State.GIVEN else wanted
            terms = terms_of(asked, self.purposes) if state is State.GIVEN else None
            new = (uuid.uuid4().hex, state, purpose, asked.version, language, self._notice)
            found.append(Record(*new, method, iso(now), terms))
            return found[0].written()

        self._proofs.record_after(conversation, CONSENT, following, said, minute(now))
        return found[0]


def _says(record: Record, wanted: State, version: int) -> bool:
    """Is this that answer already, to this version?"""
    same = (record.state is State.GIVEN) == (wanted is State.GIVEN)
    return same and record.version == version


def terms_of(purpose: Purpose, purposes: Purposes) -> dict[str, Any]:
    """What a yes is given to, as it is written today: it must not change under the customer."""
    return {
        "controller": asdict(purposes.controller),
        "jurisdiction": purposes.jurisdiction,
        "withdrawal": dict(purposes.withdrawal),
        "legal_basis": purpose.legal_basis,
        "keep_days": purposes.keep_days if purpose.name == KEEP_CONVERSATION else None,
        "words": {
            language: asdict(words) | {"data": list(words.data)}
            for language, words in purpose.words.items()
        },
    }


def _kept(answers: Sequence[Record], most_days: int) -> int:
    if not answers or answers[-1].state is not State.GIVEN:
        return 0
    promised = (answers[-1].terms or {}).get("keep_days") or 0
    return min(promised, most_days) * _DAY_MINUTES


def _read(subject: str) -> Record:
    written = json.loads(subject)
    return Record(
        **written | {"state": State(written["state"]), "method": Method(written["method"])}
    )
