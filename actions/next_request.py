"""What else was asked in the same message: answered at once, or named, and done one by one.

helder/understanding/two.py sets it apart and puts it into the slot `next_request`; the policy calls
`action_next_request` when everything else is done, again and again until nothing waits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import Events, HelderAction, Voice
from actions.flows import Flow
from actions.requests import NEXT, Request, written
from actions.services import Services
from actions.turn import Turn
from helder.shop.errors import ShopUnavailable

# With the first, four things are done of one message. What is beyond that is named, and left.
MOST = 3
# Whoever leaves wants nothing more.
_LEAVING = {"stop", "goodbye"}
_UTTER = "utter_"
_SEPARATOR = "; "
Actions = Mapping[str, HelderAction]


class NextRequest(HelderAction):
    """Answers what can be answered at once, and begins the first of the tasks."""

    called = "action_next_request"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        if turn.intent in _LEAVING:
            return [SlotSet(NEXT, None)]
        tasks, events = answered(turn.requests, turn, voice, self.services, self.others)
        return [*events, *(self._begin(tasks, turn, voice) if tasks else [SlotSet(NEXT, None)])]

    def when_unavailable(self, turn: Turn) -> Events:  # noqa: ARG002 - whatever it was
        """Asked once is tried once."""
        return [SlotSet(NEXT, None)]

    def _begin(self, tasks: Sequence[Request], turn: Turn, voice: Voice) -> Events:
        done = turn.slot("order_number")
        request, *left = [task.without(done) for task in tasks]
        if turn.about(request).lists_orders():
            request, *more = [request.only(number) for number in request.numbers()]
            left = [*more, *left]
        elif request.is_one_of_several():
            request = request.only(request.numbers()[0])
        number = request.number()
        voice.say("utter_next_request_now", request=titled(request, number, voice))
        flow = self.services.flows[request.intent]
        return [
            SlotSet(NEXT, written([request, *left])),  # which the form reads: Turn.requests
            SlotSet(NEXT, written(left)),
            *([SlotSet("order_number", number)] if number else []),
            *(carry_out(flow, turn.about(request), voice, self.others) if flow.form else []),
            FollowupAction(form_of(request, flow, self.others)),
        ]


def every_request(turn: Turn) -> tuple[Request, ...]:
    """What was asked besides, in this message and before it, and is still to be done."""
    # What this message asks besides has taken the place of the others in the slot.
    earlier = turn.earlier_requests if turn.entity(NEXT) and not turn.does_next else ()
    return (*earlier, *turn.requests)


def answered(
    requests: Sequence[Request],
    turn: Turn,
    voice: Voice,
    services: Services,
    actions: Actions,
) -> tuple[list[Request], Events]:
    """Answers all that takes no form; the tasks that are left. Says what is too much."""
    flows = [(request, services.flows.get(request.intent)) for request in requests]
    known = [(request, flow) for request, flow in flows if flow]
    if beyond := [request for request, _ in known[MOST:]]:
        voice.say("utter_next_requests_too_many", requests=listed(beyond, voice))
    tasks: list[Request] = []
    events: Events = []
    for request, flow in known[:MOST]:
        if form_of(request, flow, actions):
            tasks.append(request)
        else:
            try:
                events += carry_out(flow, turn.about(request), voice, actions)
            except ShopUnavailable:  # the others do not suffer for it
                voice.say("utter_shop_unavailable")
    return tasks, events


def form_of(request: Request, flow: Flow, actions: Actions) -> str | None:
    """The form that the request takes, if it takes one; see actions/about_order.py."""
    own = f"{request.intent}_form"
    about_order = request.numbers() and f"validate_{own}" in actions
    return flow.form or (own if about_order else None)


def carry_out(flow: Flow, about: Turn, voice: Voice, actions: Actions) -> Events:
    """Everything that a request's rule does, up to its form."""
    events: Events = []
    for name in flow.actions:
        if name.startswith(_UTTER):
            voice.say(name)
        elif name in actions:
            events += actions[name].act(about, voice)
    return events


def titled(request: Request, number: str | None, voice: Voice) -> str:
    """The request as it is named to the customer: `Bestelling annuleren, HD-204817`."""
    title = voice.words.phrase(f"utter_reading_{request.intent}")
    return f"{title}, {number}" if number else title


def listed(requests: Sequence[Request], voice: Voice) -> str:
    """Several of them: `Bestelling annuleren, HD-204817; Iets terugsturen`."""
    return _SEPARATOR.join(titled(each, ", ".join(each.numbers()), voice) for each in requests)
