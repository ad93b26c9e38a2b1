"""The turn that an action works in: what the customer said, and where the dialogue is."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from rasa_sdk import Tracker

from actions.history import History, is_slot
from actions.requests import NEXT, Request, read
from actions.tasks import likeliest
from helder.vocabulary.model import Vocabulary

# Below this confidence a reading of a message is not worth leaving a form for.
SURE = 0.75
DECISIONS = "decisions"  # what was decided in this conversation (helder/decisions/memory.py)
DATA = ("order_number", "postcode", "email")
_BETWEEN = re.compile(r"[\s,;&+/]*")
_BEFORE = 4  # words: "my order number is"
_WHOLE = {"language", NEXT}  # entities that are no data within the text


class Turn(History):
    """A plain view of Rasa's tracker, as far as actions need it."""

    def __init__(self, tracker: Tracker, vocabulary: Vocabulary) -> None:
        super().__init__(tracker.events)
        self._tracker = tracker
        self.vocabulary = vocabulary
        message: Mapping[str, Any] = tracker.latest_message or {}
        self.conversation: str = tracker.sender_id
        self.text: str = message.get("text") or ""
        self.entities: list[Mapping[str, Any]] = list(message.get("entities") or [])
        intent: Mapping[str, Any] = message.get("intent") or {}
        self.intent: str | None = intent.get("name")
        self.confidence: float = intent.get("confidence") or 0.0
        self.ranking: list[Mapping[str, Any]] = list(message.get("intent_ranking") or [])
        metadata: Mapping[str, Any] = message.get("metadata") or {}
        self.message_id: str = metadata.get("helder_message") or ""
        self.sent: str = metadata.get("helder_sent") or ""  # ISO 8601, UTC
        self.form: str | None = (tracker.active_loop or {}).get("name")
        self._opens = False  # see `about`
        self._begun = self._last_begun()
        if self._begun:  # whatever it does now, the rest of the message is past
            self._read_as(self._begun[0])

    @property
    def requests(self) -> tuple[Request, ...]:
        """What was asked besides, and is still to be done, in its order."""
        return self._begun[1:] if self.does_next else read(self.slot(NEXT))

    @property
    def earlier_requests(self) -> tuple[Request, ...]:
        """What was asked besides before this message, and was still to be done then."""
        before = (e for e in self.before_message() if is_slot(e, NEXT))
        return read(next(before, {}).get("value"))

    def about(self, request: Request, *, begins: bool = False) -> Turn:
        """The same turn, as if only this had been asked, and the form began with it if `begins`."""
        other = copy.copy(self)
        other._opens = begins or self._opens
        other._read_as(request)
        return other

    @property
    def language(self) -> str:
        """`nl` or `en`."""
        return "nl" if self._tracker.get_slot("language") == "nl" else "en"

    @property
    def key(self) -> str:
        """The idempotency key of whatever this message asks for.

        Raises:
            ValueError: the message has no id; another one's would do its work for this.
        """
        if not self.message_id:
            raise ValueError("message without an id")
        return f"{self.conversation}:{self.message_id}"

    @property
    def is_choice(self) -> bool:
        """Was a button pressed? (Typed text never begins with a slash: the channel disarms it.)"""
        return self.text.startswith("/")

    @property
    def requested(self) -> str | None:
        """The slot that a form asked for last."""
        slot: str | None = self.slot("requested_slot") if self.form else None
        return slot

    def slot(self, name: str) -> Any:
        """A slot's value."""
        return self._tracker.get_slot(name)

    def entity(self, *names: str) -> str | None:
        """The last entity of these names in the customer's message."""
        found = [e["value"] for e in self.entities if e.get("entity") in names]
        return str(found[-1]) if found else None

    def order_numbers(self) -> list[str]:
        """The different order numbers in the message, in the order in which they were named."""
        named = [str(e["value"]) for e in self.entities if e.get("entity") == "order_number"]
        return list(dict.fromkeys(named))

    def names_several_orders(self) -> bool:
        """Is there more than one order that the message may be about?"""
        return len(self.order_numbers()) > 1

    def lists_orders(self) -> bool:
        """Is there nothing but "and" between the order numbers?"""
        spans = [e for e in self.entities if e.get("entity") == "order_number" and "start" in e]
        spans.sort(key=lambda e: int(e["start"]))
        between = [self.text[one["end"] : other["start"]] for one, other in pairwise(spans)]
        return bool(between) and all(self._joins(each) for each in between)

    def task(self) -> str | None:
        """What the message may be for besides naming a datum: the likeliest of the tasks."""
        return likeliest(self.ranking) if len(self.words()) >= 2 else None

    def words(self) -> list[str]:
        """The customer's words, in small letters, without what was read as data."""
        return re.findall(r"[^\W\d_]+", self.plain().casefold())

    def plain(self, *names: str) -> str:
        """The text without what was read as data, or as data of these names alone."""
        text, found = self.text, [e for e in self.entities if e.get("entity") not in _WHOLE]
        spans = [e for e in found if "start" in e and (not names or e["entity"] in names)]
        for span in sorted(spans, key=lambda e: int(e["start"]), reverse=True):
            text = f"{text[: span['start']]} {text[span['end'] :]}"
        return text

    def lacks_it(self) -> bool:
        """Does the customer not have what was asked for: "heb ik niet bij de hand"?"""
        data = any(each.get("entity") not in _WHOLE for each in self.entities)
        return self.intent == "no_order_number" and not data

    def begins_with_data(self) -> bool:
        """Is the message a datum first, as "it is 1234 AB, and …"?"""
        starts = [int(e["start"]) for e in self.entities if e.get("start") and e["entity"] in DATA]
        starts += [0 for e in self.entities if e.get("start") == 0 and e["entity"] in DATA]
        before = re.findall(r"[^\W\d_]+", self.text[: min(starts)]) if starts else []
        return bool(starts) and len(before) <= _BEFORE

    def mentions_data(self) -> bool:
        """Is there a digit or an @: an attempt at a number, a postcode, an address?"""
        return not self.is_choice and bool(re.search(r"[\d@]", self.text))

    def begins(self, form: str) -> bool:
        """Was the form begun by this message, or by what it is read as?"""
        return self._opens or any(
            event.get("event") == "active_loop" and event.get("name") == form
            for event in self.events_since_message()
        )

    def first_about(self, form: str) -> Turn | None:
        """The turn that began the form, in words; None if a button did."""
        if self.begins(form):
            return None if self.is_choice else self
        began = False
        for event in self.before_message():
            began = began or (event.get("event") == "active_loop" and event.get("name") == form)
            if began and event.get("event") == "user":
                parsed = event.get("parse_data") or {}
                text, intent = str(event.get("text") or ""), parsed.get("intent") or {}
                entities = tuple(parsed.get("entities") or ())
                first = self.about(Request(str(intent.get("name")), text, entities))
                return None if first.is_choice else first
        return None

    def _joins(self, text: str) -> bool:
        """Is it a comma or "and", and nothing else?"""
        words = re.findall(r"[^\W_]+", text.casefold())
        rest = re.sub(r"[^\W_]+", "", text)
        return set(words) <= self.vocabulary.common.joining and bool(_BETWEEN.fullmatch(rest))

    def _read_as(self, request: Request) -> None:
        self.text, self.entities = request.text, list(request.entities)
        self.intent, self.confidence = request.intent, 1.0
        self.ranking = [{"name": request.intent, "confidence": 1.0}]

    @property
    def does_next(self) -> bool:
        """Has one of the next requests begun since the customer's message?"""
        return bool(self._begun)

    def _last_begun(self) -> tuple[Request, ...]:
        """The request that began last since the message, and those that waited then."""
        found: Any = None
        for event in self.events_since_message():  # the last is the first that was written
            if is_slot(event, NEXT):
                found = event.get("value")
            elif event.get("event") == "action" and event.get("name") == f"action_{NEXT}":
                return read(found)
        return ()
