"""What Rasa does by itself when something fails, undone: it must stop, not carry on unsafely.

- `Agent` wraps every tracker store in one that falls back to plaintext memory, and a store that
  cannot be imported is replaced by one in memory (rasa/core/agent.py, tracker_store.py).
- A custom action that breaks is logged as executed, and the turn goes on (core/processor.py).
"""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.core.agent import Agent
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain

from helder.brain.turn import current

UNREACHABLE = (aiohttp.ClientConnectionError, asyncio.TimeoutError)


class UnsafeStore(RuntimeError):
    """Rasa was about to keep conversations in something other than the encrypted log."""


def install() -> None:
    """Put the guards in place; again does nothing more."""
    Agent._create_tracker_store = staticmethod(_only_the_log)
    if not getattr(RemoteAction.run, "guarded", False):
        RemoteAction.run = _noticing_failure(RemoteAction.run)


def _only_the_log(store: TrackerStore | None, domain: Domain) -> TrackerStore:
    # By name: the store's own module imports this one.
    if store is None or type(store).__name__ != "EncryptedTrackerStore":
        raise UnsafeStore(
            "Rasa would not keep conversations in the encrypted log. "
            "Check `tracker_store` in endpoints.yml, the keys and the database."
        )
    store.domain = domain
    return store


def _noticing_failure(run: Any) -> Any:
    async def guarded(self: RemoteAction, *args: Any, **kwargs: Any) -> Any:
        try:
            return await run(self, *args, **kwargs)
        except ActionExecutionRejection:
            raise
        except BaseException as error:
            turn = current.get()
            if turn is not None:
                turn.failed = self.name()
                # Rasa raises its own exception while it handles the one that tells.
                turn.unreachable = isinstance(error.__context__ or error, UNREACHABLE)
            raise

    guarded.guarded = True  # type: ignore[attr-defined]
    return guarded
