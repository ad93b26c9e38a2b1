"""Sending an order elsewhere: the new address as it is typed, read back, and really changed."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

from actions.agreeing import yes_or_no
from actions.base import Events, HelderAction, Voice
from actions.forms import Slots
from actions.order_forms import OrderForm
from actions.orders import finished
from actions.turn import Turn
from actions.wording import Wording, local_day
from helder.decisions.record import Decision
from helder.shop.address_text import COUNTRIES, Parts, answer, read
from helder.shop.errors import BadRequest, NotAllowed
from helder.shop.gate import NotProven
from helder.shop.model import Address, Order, OrderNumber, OrderState
from helder.shop.policy import ADDRESS as ADDRESS_CHANGE
from helder.shop.towns import town

ADDRESS = ("new_address", "address_confirmed")
DRAFT = "address_draft"  # what was given of a new address, until all of it is there
_SHORT = 5  # words
# A shop that keeps its rules to itself refuses in the end; in these states nobody needs to type.
_LATE = {OrderState.PACKED, OrderState.SHIPPED, OrderState.DELIVERED, OrderState.CANCELLED}
# What in a message is no part of an address, whatever digits it has.
_NO_ADDRESS = ("order_number", "email", "phone")
# Of these a word that we do not know as a town is none.
_NO_TOWN = {"affirm", "ask_why", "deny", "no_order_number", "small_talk", "stop", "thanks"}


class AddressForm(OrderForm):
    """A new address: what cannot be changed is said before it is asked for."""

    form = "change_shipping_address_form"
    begun_by = "change_shipping_address"
    more = ADDRESS

    def _is_for_others(self, turn: Turn) -> bool:
        asked = turn.requested in ADDRESS and not turn.is_choice
        return not (asked and _looks_like_one(turn)) and super()._is_for_others(turn)

    def listen(self, turn: Turn, voice: Voice, requested: str | None, begins: bool) -> Slots:
        """See FormAction. The address may be in the first message already."""
        if not begins:
            return super().listen(turn, voice, requested, begins)
        first = _first(turn)
        found = super().listen(turn, voice, requested, begins)
        if found.get("order_number") is None and turn.slot("order_number") is None:
            voice.say("utter_address_of_order")
        return {DRAFT: _written(first) if first else None} | found

    def proof_in(self, turn: Turn, requested: str | None, begins: bool) -> str | None:
        """See OrderForm. The postcode of a new address proves nothing."""
        if (begins and _first(turn)) or requested in ADDRESS:
            return turn.entity("email")
        if turn.slot(DRAFT) and requested != "order_proof":
            return None
        return super().proof_in(turn, requested, begins)

    def with_order(
        self, turn: Turn, voice: Voice, number: OrderNumber, requested: str | None, fresh: bool
    ) -> Slots:
        """See OrderForm."""
        shop = self.services.shop(turn.conversation)
        order = shop.order(number)
        if fresh:
            decision = shop.decide(ADDRESS_CHANGE, number)
            voice.decided(decision)
            if decision.refused if decision else order.state in _LATE:
                say_address_refused(order, voice, decision)
                return self.over(turn, {})
            known = _first(turn) or _drafted(turn)
            return self._noted(known, order, voice) if known != Parts() else {}
        if requested == "new_address":
            given = _given(turn, order.address.country)
            return self._noted(_drafted(turn).and_then(given), order, voice)
        if requested == "address_confirmed":
            return self._confirmed(turn, order, voice)
        return {}

    def _confirmed(self, turn: Turn, order: Order, voice: Voice) -> Slots:
        corrected = answer(turn.plain(*_NO_ADDRESS), _drafted(turn), order.address.country)
        if corrected != Parts():
            known = _drafted(turn).and_then(corrected)
            return {"address_confirmed": None} | self._noted(known, order, voice)
        reply = yes_or_no(turn, self.begun_by)
        if reply == "no":  # another address; who wants none presses that button, or says stop
            return {DRAFT: None} | dict.fromkeys(ADDRESS)
        return {"address_confirmed": reply} if reply else {}

    def _noted(self, known: Parts, order: Order, voice: Voice) -> Slots:
        """The address so far. Incomplete, or in another country, it is asked for again."""
        if known.country and known.country != order.address.country:
            country = voice.words.in_country(order.address.country)
            voice.say("utter_address_other_country", country=country)
            return {DRAFT: None, "new_address": None}
        if not known.missing:
            whole = known.address(order.address)
            return {DRAFT: _written(known), "new_address": json.dumps(asdict(whole))}
        if known == Parts():
            voice.say("utter_address_unclear")
            return {"new_address": None}
        return {DRAFT: _written(known), "new_address": None}


class AskNewAddress(HelderAction):
    """Asks where an order should go, or for what lacks of it."""

    called = "action_ask_new_address"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        known = _drafted(turn)
        if known == Parts():
            voice.say("utter_ask_new_address", order_number=turn.slot("order_number"))
            return []
        parts = [voice.words.phrase(f"utter_word_address_{part}") for part in known.missing]
        voice.say("utter_address_missing", parts=voice.words.listing(parts))
        return []


class AskAddressConfirmed(HelderAction):
    """Reads the new address back, and asks."""

    called = "action_ask_address_confirmed"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        voice.say(
            "utter_ask_address_confirmed",
            order_number=turn.slot("order_number"),
            address=in_words(_address(turn), voice.words),
        )
        return []


class ChangeAddress(HelderAction):
    """Changes it, if the customer said yes."""

    called = "action_change_address"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        if turn.slot("address_confirmed") == "yes":
            self._change(turn, voice, turn.slot("order_number"))
        return finished(turn, "change_shipping_address", *ADDRESS, DRAFT)

    def when_unavailable(self, turn: Turn) -> Events:
        """Nothing is confirmed any more; asking again starts the form."""
        return finished(turn, "change_shipping_address", *ADDRESS, DRAFT)

    def _change(self, turn: Turn, voice: Voice, number: OrderNumber) -> None:
        shop = self.services.shop(turn.conversation)
        key = f"{turn.key}:address"
        try:
            changed = shop.change_address(number, _address(turn), idempotency_key=key)
        except NotAllowed as refused:  # it was packed while we talked, or the shop has more rules
            voice.decided(refused.decision)
            say_address_refused(shop.order(number), voice, refused.decision)
        except BadRequest:
            voice.say("utter_address_refused", order_number=number)
        except NotProven:
            voice.say("utter_not_proven")
        else:
            address = in_words(changed.address, voice.words)
            voice.say("utter_address_changed", order_number=number, address=address)


def say_address_refused(order: Order, voice: Voice, decision: Decision | None) -> None:
    """Why an order cannot go elsewhere any more."""
    since = {
        OrderState.PACKED: order.packed_at,
        OrderState.SHIPPED: order.shipped_at,
        OrderState.DELIVERED: order.delivered_at,
        OrderState.CANCELLED: order.cancelled_at,
    }.get(order.state)
    if since is None:
        if not voice.say_rule(decision, order.number):
            voice.say("utter_address_refused", order_number=order.number)
        return
    day = voice.words.on_day(local_day(since))
    coming = [parcel for parcel in order.deliveries if parcel.delivered_at is None]
    if order.state is OrderState.SHIPPED and coming:
        voice.say(
            "utter_address_refused_shipped",
            order_number=order.number,
            on_day=day,
            carrier=coming[0].carrier,
            url=coming[0].tracking_url,
        )
    else:
        key = f"utter_address_refused_since_{order.state.value}"
        voice.say(key, order_number=order.number, on_day=day)


def in_words(address: Address, words: Wording) -> str:
    """The address on one line, as it is written in its country."""
    street, town = f"{address.street} {address.house}", f"{address.postcode} {address.city}"
    if address.country == "GB":
        street, town = f"{address.house} {address.street}", f"{address.city} {address.postcode}"
    return ", ".join([address.name, street, town, words.country(address.country)])


def _looks_like_one(turn: Turn) -> bool:
    """Is it an address, whatever the classifier makes of it?"""
    found = read(turn.plain(*_NO_ADDRESS))
    short = len(turn.words()) <= _SHORT and "?" not in turn.text
    known = _drafted(turn)
    lacking = "city" in known.missing and turn.requested == "new_address"
    names_town = lacking and answer(turn.text, known, "NL").city
    return bool(found.postcode or (found.street and found.house and short) or names_town)


def _given(turn: Turn, country: str) -> Parts:
    """What the message says of the address; `country` is the order's."""
    given = answer(turn.plain(*_NO_ADDRESS), _drafted(turn), country)
    if turn.intent in _NO_TOWN and given == Parts(city=given.city) and not town(given.city):
        given = Parts()
    return _with_country(given, turn)


def _with_country(given: Parts, turn: Turn) -> Parts:
    """A country that is named is meant, whatever the digits look like."""
    named = turn.entity("country")
    return replace(given, country=named) if named and turn.mentions_data() else given


def _first(turn: Turn) -> Parts | None:
    """A new address in the message that begins the form: street and number, and where that is."""
    if turn.is_choice:
        return None
    found = read(turn.plain(*_NO_ADDRESS))
    known = found.street and found.house and (found.postcode or found.city)
    return _with_country(found, turn) if known and found.country in ("", *COUNTRIES) else None


def _written(parts: Parts) -> str:
    return json.dumps(asdict(parts))


def _drafted(turn: Turn) -> Parts:
    draft = turn.slot(DRAFT)
    return Parts(**json.loads(draft)) if draft else Parts()


def _address(turn: Turn) -> Address:
    return Address(**json.loads(turn.slot("new_address")))
