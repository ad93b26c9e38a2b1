"""The turn that an action works in: what the customer said, and where the dialogue is."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from rasa_sdk import Tracker

from actions.heard import Message, heard
from actions.requests import NEXT, Request, read

# Below this confidence a reading of a message is not worth leaving a form for.
SURE = 0.75
# Tasks about an order, each with a form of its name; a message that names an order as well as a
# task reads as "inform" first, and as the task with at least this confidence, and clearly more
# of it than the next task: a wrong one would be done.
TASKS = (
    "track_order",
    "cancel_order",
    "return_item",
    "change_order",
    "check_cancellation_fee",
    "change_shipping_address",
    "check_invoice",
    "get_invoice",
    "payment_issue",
    "get_refund",
    "track_refund",
    "ask_compensation",
)
HINT = 0.08
CLEARLY = 1.5
DECISIONS = "decisions"  # what was decided in this conversation (helder/decisions/memory.py)
DATA = ("order_number", "postcode", "email")
_AND = re.compile(r"[\s,;&+/]*(?:(?:en|and|plus|also|ook)\b[\s,]*)*", re.IGNORECASE)
_BEFORE = 4  # words: "my order number is"
_WHOLE = {"language", NEXT}  # entities that are no data within the text
OTHER_ORDER = "action_other_order"
RESPONSE = "utter_action"  # where Rasa writes down which response was said


class Answer(NamedTuple):
    """Something that the assistant said: the response's key, and the words."""

    response: str
    text: str


class Turn:
    """A plain view of Rasa's tracker, as far as actions need it."""

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker
        message: Mapping[str, Any] = tracker.latest_message or {}
        self.conversation: str = tracker.sender_id
        self.text: str = message.get("text") or ""
        self.entities: list[Mapping[str, Any]] = list(message.get("entities") or [])
        intent: Mapping[str, Any] = message.get("intent") or {}
        self.intent: str | None = intent.get("name")
        self.confidence: float = intent.get("confidence") or 0.0
        self.ranking: list[Mapping[str, Any]] = list(message.get("intent_ranking") or [])
        self.message_id: str = (message.get("metadata") or {}).get("helder_message") or ""
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
        before = (e for e in self._before_message() if _is_slot(e, NEXT))
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
        """The idempotency key of whatever this message asks for."""
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
        return bool(between) and all(_AND.fullmatch(each) for each in between)

    def earlier_entity(self, *names: str) -> str | None:
        """The last entity of these names since the customer named an order, this message apart."""
        for event in self._before_message():
            named = event.get("name") == "order_number" and event.get("value")
            if named or event.get("name") == OTHER_ORDER:
                return None
            parsed = event.get("parse_data") or {}
            for entity in reversed(parsed.get("entities") or []):
                if entity.get("entity") in names:
                    return str(entity["value"])
        return None

    def task(self) -> str | None:
        """What the message may be for besides naming a datum: the likeliest of the tasks."""
        if len(self.words()) < 2:
            return None
        tasks = [each for each in self.ranking if each.get("name") in TASKS]
        likely = [each.get("confidence") or 0.0 for each in tasks[:2]]
        if not likely or likely[0] < HINT or likely[0] < CLEARLY * sum(likely[1:]):
            return None
        return str(tasks[0]["name"])

    def words(self) -> list[str]:
        """The customer's words, in small letters, without what was read as data."""
        return re.findall(r"[^\W\d_]+", self.plain().casefold())

    def plain(self) -> str:
        """The text without what was read as data."""
        text = self.text
        spans = [e for e in self.entities if e.get("entity") not in _WHOLE and "start" in e]
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
            for event in self._events_since_message()
        )

    def first_about(self, form: str) -> Turn | None:
        """The turn that began the form, in words; None if a button did."""
        if self.begins(form):
            return None if self.is_choice else self
        began = False
        for event in self._before_message():
            began = began or (event.get("event") == "active_loop" and event.get("name") == form)
            if began and event.get("event") == "user":
                parsed = event.get("parse_data") or {}
                text, intent = str(event.get("text") or ""), parsed.get("intent") or {}
                entities = tuple(parsed.get("entities") or ())
                first = self.about(Request(str(intent.get("name")), text, entities))
                return None if first.is_choice else first
        return None

    def returns_to(self, form: str) -> bool:
        """Does the form only ask again, after something else was dealt with?"""
        return any(
            event.get("event") == "action_execution_rejected" and event.get("name") == form
            for event in self._events_since_message()
        )

    def silence(self, now: datetime) -> timedelta:
        """How long ago was anything said before this message?"""
        times = (event.get("timestamp") for event in self._before_message())
        last = next((time for time in times if time), None)
        return timedelta(seconds=max(0.0, now.timestamp() - last)) if last else timedelta()

    def said_before(self, beginning: str) -> bool:
        """Did the turn before this one say a response whose key begins so?"""
        messages = 0
        for event in reversed(self._tracker.events):
            messages += event.get("event") == "user"
            if messages == 2:
                return False
            said = (event.get("metadata") or {}).get(RESPONSE) or ""
            if messages == 1 and said.startswith(beginning):
                return True
        return False

    def answers(self, turns: int | None = None) -> Iterator[Answer]:
        """What the assistant said in the turns before this one, newest first."""
        messages = 0
        for event in self._before_message():
            messages += event.get("event") == "user"
            if messages == turns:
                return
            said = (event.get("metadata") or {}).get(RESPONSE)
            if event.get("event") == "bot" and said:
                yield Answer(str(said), str(event.get("text") or ""))

    def earlier_message(self) -> Message | None:
        """The customer's message before this one that was no why, and no mere yes."""
        for event in self._before_message():
            message = heard(event)
            if message is not None and message.intent not in ("ask_why", "affirm"):
                return message
        return None

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
        for event in self._events_since_message():  # the last is the first that was written
            if _is_slot(event, NEXT):
                found = event.get("value")
            elif event.get("event") == "action" and event.get("name") == f"action_{NEXT}":
                return read(found)
        return ()

    def _events_since_message(self) -> Iterator[Mapping[str, Any]]:
        for event in reversed(self._tracker.events):
            if event.get("event") == "user":
                return
            yield event

    def _before_message(self) -> Iterator[Mapping[str, Any]]:
        """What came before the customer's message, newest first."""
        messages = 0
        for event in reversed(self._tracker.events):
            if messages:
                yield event
            messages += event.get("event") == "user"


def _is_slot(event: Mapping[str, Any], name: str) -> bool:
    return event.get("event") == "slot" and event.get("name") == name
