"""Who may do what: the one table that the desk asks, and that docs and tests read.

A person with several roles may do what any of them may. What is not in the table nobody may.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Role(str, Enum):
    """What somebody is here for."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    PRIVACY_OFFICER = "privacy_officer"
    DESIGNER = "designer"
    ADMINISTRATOR = "administrator"


class Action(str, Enum):
    """Everything that the desk lets somebody do or see."""

    OWN_ACCOUNT = "own_account"
    SEE_QUEUE = "see_queue"
    SEE_OWN_CONVERSATION = "see_own_conversation"
    SEE_ANY_CONVERSATION = "see_any_conversation"
    WATCH_LIVE = "watch_live"
    STEP_IN = "step_in"
    CLAIM = "claim"
    REPLY = "reply"
    NOTE = "note"
    TRANSFER = "transfer"
    GIVE_BACK = "give_back"
    CLOSE = "close"
    REOPEN = "reopen"
    UNMASK = "unmask"
    SEARCH = "search"
    READ_LEFT_MESSAGES = "read_left_messages"
    HANDLE_LEFT_MESSAGES = "handle_left_messages"
    SEE_FIGURES = "see_figures"
    EXPORT_FIGURES = "export_figures"
    SEE_AUDIT = "see_audit"
    SEE_DESIGN_REPORT = "see_design_report"
    MANAGE_ACCOUNTS = "manage_accounts"


_ALL = frozenset(Role)
_ANSWER = frozenset({Role.AGENT, Role.SUPERVISOR})
_LEAD = frozenset({Role.SUPERVISOR})

ALLOWED: dict[Action, frozenset[Role]] = {
    Action.OWN_ACCOUNT: _ALL,
    Action.SEE_QUEUE: _ANSWER,
    Action.SEE_OWN_CONVERSATION: _ANSWER,
    # Who looks into data protection has to see what is looked into; each view is audited.
    Action.SEE_ANY_CONVERSATION: _LEAD | {Role.PRIVACY_OFFICER},
    Action.WATCH_LIVE: _LEAD,
    Action.STEP_IN: _LEAD,
    Action.CLAIM: _ANSWER,
    Action.REPLY: _ANSWER,
    Action.NOTE: _ANSWER,
    Action.TRANSFER: _ANSWER,
    Action.GIVE_BACK: _ANSWER,
    Action.CLOSE: _ANSWER,
    Action.REOPEN: _ANSWER,
    Action.UNMASK: _ANSWER | {Role.PRIVACY_OFFICER},
    Action.SEARCH: _ANSWER | {Role.PRIVACY_OFFICER},
    Action.READ_LEFT_MESSAGES: _ANSWER | {Role.PRIVACY_OFFICER},
    Action.HANDLE_LEFT_MESSAGES: _ANSWER,
    Action.SEE_FIGURES: _LEAD | {Role.DESIGNER, Role.ADMINISTRATOR},
    Action.EXPORT_FIGURES: _LEAD,
    Action.SEE_AUDIT: frozenset({Role.PRIVACY_OFFICER}),
    Action.SEE_DESIGN_REPORT: _LEAD | {Role.DESIGNER},
    # An administrator looks after accounts, and reads no customer's words.
    Action.MANAGE_ACCOUNTS: frozenset({Role.ADMINISTRATOR}),
}


def allowed(roles: Iterable[Role], action: Action) -> bool:
    """Whether somebody with these roles may do this."""
    return not ALLOWED[action].isdisjoint(roles)
