"""The second of two requests in one message: answered at once, or named, and done after the first.

helder/understanding/two.py sets it apart and puts it into the slot `next_request`; the policy calls
`action_next_request` when everything else is done.
"""

from __future__ import annotations

from collections.abc import Mapping

from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import Events, HelderAction, Voice
from actions.flows import Flow
from actions.services import Services
from actions.turn import NEXT, Request, Turn

# Whoever leaves wants nothing more.
_LEAVING = {"stop", "goodbye"}
_UTTER = "utter_"


class NextRequest(HelderAction):
    """Does what was asked besides."""

    called = "action_next_request"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        request, flow = waiting(turn, self.services)
        done: Events = [SlotSet(NEXT, None)]
        if request is None or flow is None or turn.intent in _LEAVING:
            return done
        if flow.form:
            number = request.number(turn.slot("order_number"))
            voice.say("utter_next_request_now", request=titled(request, number, voice))
            if number:
                request = request._replace(entities=({"entity": "order_number", "value": number},))
                done = [SlotSet(NEXT, request.written()), *done, SlotSet("order_number", number)]
        return done + carry_out(request, flow, turn, voice, self.others)

    def when_unavailable(self, turn: Turn) -> Events:  # noqa: ARG002 - whatever it was
        """Asked once is tried once."""
        return [SlotSet(NEXT, None)]


def waiting(turn: Turn, services: Services) -> tuple[Request | None, Flow | None]:
    """What is still to be done, and how; None if it is nothing or nobody knows how."""
    request = turn.next_request
    return request, services.flows.get(request.intent) if request else None


def carry_out(
    request: Request, flow: Flow, turn: Turn, voice: Voice, actions: Mapping[str, HelderAction]
) -> Events:
    """Everything that the request's rule does, up to its form."""
    about, events = turn.about(request), []
    for name in flow.actions:
        if name.startswith(_UTTER):
            voice.say(name)
        elif name in actions:
            events += actions[name].act(about, voice)
    return [*events, FollowupAction(flow.form)] if flow.form else events


def titled(request: Request, number: str | None, voice: Voice) -> str:
    """The request as it is named to the customer: `Bestelling annuleren, HD-204817`."""
    title = voice.words.phrase(f"utter_reading_{request.intent}")
    return f"{title}, {number}" if number else title
