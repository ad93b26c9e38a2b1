"""Why a conversation goes to a person: a closed list of codes, and what each means for the queue.

The sentences, for customer and colleague, are in policies/reasons.yml.
"""

from __future__ import annotations

from enum import Enum

from helder.handoff.factors import Kind, Safety


class Reason(str, Enum):
    """Why a person."""

    ASKED = "asked"
    NOT_UNDERSTOOD = "not_understood"
    COMPLAINT = "complaint"
    TREATMENT = "treatment"  # a complaint about how we treated somebody
    DISCRIMINATION = "discrimination"
    ANGER = "anger"  # that grows over turns
    DISTRESS = "distress"
    DANGER = "danger"
    VULNERABLE = "vulnerable"
    BEREAVEMENT = "bereavement"
    LEGAL_THREAT = "legal_threat"
    DECISION_CONTESTED = "decision_contested"
    ORDER_IN_MOTION = "order_in_motion"
    NO_AI = "no_ai"
    UNAVAILABLE = "unavailable"  # the assistant could not answer
    DAMAGED = "damaged"  # the conversation before this one was damaged
    STEPPED_IN = "stepped_in"  # a colleague saw that it was better
    TRANSFERRED = "transferred"
    AGENT_LOST = "agent_lost"


_KINDS = {
    Reason.COMPLAINT: Kind.COMPLAINT,
    Reason.TREATMENT: Kind.COMPLAINT,
    Reason.DISCRIMINATION: Kind.COMPLAINT,
    Reason.ANGER: Kind.COMPLAINT,
    Reason.LEGAL_THREAT: Kind.COMPLAINT,
    Reason.DECISION_CONTESTED: Kind.CONTESTED,
    Reason.ORDER_IN_MOTION: Kind.IN_MOTION,
    Reason.BEREAVEMENT: Kind.BEREAVEMENT,
}
_SAFETY = {
    Reason.DISTRESS: Safety.DANGER,
    Reason.DANGER: Safety.DANGER,
    Reason.VULNERABLE: Safety.VULNERABLE,
}


def reason_of(code: str) -> Reason:
    """The reason with this code; who gives another one has asked for a person, and gets one."""
    try:
        return Reason(code)
    except ValueError:
        return Reason.ASKED


def kind_of(reason: Reason) -> Kind:
    """What the case is about, as the order of the queue counts it."""
    return _KINDS.get(reason, Kind.QUESTION)


def safety_of(reason: Reason) -> Safety:
    """Whether somebody may come to harm, as the order of the queue counts it."""
    return _SAFETY.get(reason, Safety.NONE)
