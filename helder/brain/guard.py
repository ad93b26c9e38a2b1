"""What Rasa does by itself when something fails, undone: it must stop, not carry on unsafely.

- `Agent` wraps every tracker store in one that falls back to plaintext memory, and a store that
  cannot be imported is replaced by one in memory (rasa/core/agent.py, tracker_store.py).
- An event broker that cannot be imported is left out (core/brokers/broker.py).
- An action that breaks is logged as executed, and the turn goes on (core/processor.py). One that
  validates slots is not even needed for them to be taken (core/actions/action.py).
- The event `export` writes the conversation into a file (shared/core/events.py).

Each replacement has Rasa's own function as `__wrapped__`.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from typing import Any

import aiohttp
from rasa.core.actions.action import Action, ActionExecutionRejection, RemoteAction
from rasa.core.agent import Agent
from rasa.core.brokers.broker import EventBroker
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_VALIDATE_SLOT_MAPPINGS
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import StoryExported
from rasa.shared.core.trackers import DialogueStateTracker

from helder.brain.errors import PlaintextExport, UnsafeBroker, UnsafeStore
from helder.brain.turn import Failure, failure

UNREACHABLE = (aiohttp.ClientConnectionError, asyncio.TimeoutError)


def install() -> None:
    """Put the guards in place; again does nothing more."""
    _replace(Agent, "_create_tracker_store", _only_the_log, static=True)
    _replace(EventBroker, "create", _no_broker_left_out, static=True)
    _replace(MessageProcessor, "_run_action", _with_noticed_failures)
    _replace(RemoteAction, "run", _noticing_failure)
    _replace(StoryExported, "apply_to", _no_export)


def _replace(owner: type, name: str, guard: Callable[[Any], Any], static: bool = False) -> None:
    stock = getattr(owner, name)
    if getattr(stock, "guarded", False):
        return
    guarded = functools.wraps(stock)(guard(stock))
    setattr(guarded, "guarded", True)  # noqa: B010 - a function has no such attribute by type
    setattr(owner, name, staticmethod(guarded) if static else guarded)


def _only_the_log(_stock: Any) -> Any:
    def guarded(store: TrackerStore | None, domain: Domain) -> TrackerStore:
        # By name: the store's own module imports this one.
        if store is None or type(store).__name__ != "EncryptedTrackerStore":
            raise UnsafeStore(
                "Rasa would not keep conversations in the encrypted log. "
                "Check `tracker_store` in endpoints.yml, the keys and the database."
            )
        store.domain = domain
        return store

    return guarded


def _no_broker_left_out(stock: Any) -> Any:
    async def guarded(named: Any, loop: Any = None) -> EventBroker | None:
        broker = await stock(named, loop)
        if broker is None and named is not None:
            raise UnsafeBroker(
                "Rasa would publish to no event broker. "
                "Check the type of `event_broker` in endpoints.yml, or take it out."
            )
        return broker

    return guarded


def _with_noticed_failures(stock: Any) -> Any:
    async def guarded(self: MessageProcessor, action: Action, *args: Any, **kwargs: Any) -> Any:
        # Every execution has an action object of its own.
        action.run = functools.partial(_noticing_failure(type(action).run), action)
        return await stock(self, action, *args, **kwargs)

    return guarded


def _noticing_failure(stock: Any) -> Any:
    async def guarded(self: Action, *args: Any, **kwargs: Any) -> Any:
        try:
            return await stock(self, *args, **kwargs)
        except ActionExecutionRejection:
            # A form may reject what it is told. Whoever validates slots may not: Rasa would take
            # the rejection for a yes.
            if self.name() == ACTION_VALIDATE_SLOT_MAPPINGS:
                failure.set(Failure(self.name(), unreachable=False))
            raise
        except BaseException as error:
            if failure.get() is None:
                # Rasa raises its own exception while it handles the one that tells.
                unreachable = isinstance(error.__context__ or error, UNREACHABLE)
                failure.set(Failure(self.name(), unreachable))
            raise

    return guarded


def _no_export(stock: Any) -> Any:
    def guarded(self: StoryExported, tracker: DialogueStateTracker) -> None:
        if self.path:
            raise PlaintextExport("A conversation is not written into a file.")
        stock(self, tracker)

    return guarded
