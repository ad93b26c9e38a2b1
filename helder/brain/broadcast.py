"""Publishing saved events to Rasa's event broker, if endpoints.yml names one.

What is published leaves the conversation and its key. So nothing is without the customer's consent
to improvement (policies/consent.yml), and only what is saved while they agree.

Stock Rasa publishes before it saves, and a broker that fails makes it save to memory instead.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import structlog
from rasa.core.brokers.broker import EventBroker
from rasa.core.brokers.file import FileEventBroker
from rasa.core.brokers.kafka import KafkaEventBroker
from rasa.core.brokers.sql import SQLEventBroker
from rasa.shared.core.events import Event

from helder.conversation.entries import ConversationId
from helder.masking.kinds import EVERYTHING
from helder.masking.masker import Masker

logger = structlog.get_logger(__name__)
# Their `publish` waits for a disk, a database or a network; the others expect Rasa's event loop.
_WAITING = (FileEventBroker, KafkaEventBroker, SQLEventBroker)
# A turn waits so long for its broker, in seconds; then it is published when its turn comes.
PATIENCE = 1.0
MOST_WAITING = 1000


class Broadcast:
    """Publishes in the order of saving, and never in the way of it."""

    def __init__(
        self,
        masker: Masker | None = None,
        granted: Callable[[ConversationId], bool] = lambda _: False,
    ) -> None:
        """`masker`: of what may not leave the encrypted log (policies/masking.yml, exported).

        `granted`: has the customer agreed that their conversation is used for improvement?
        """
        self._masker = masker or Masker(EVERYTHING)
        self._granted = granted
        # One thread: a broker need not be ready for two, and nothing overtakes.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="broadcast")
        self._waiting = 0

    async def publish(
        self, broker: EventBroker | None, events: Iterable[Event], sender_id: str
    ) -> None:
        """Publish events that are saved, if the customer agrees now.

        What the broker refuses is logged; it stays saved.
        """
        if broker is None:
            return
        try:
            if not await asyncio.to_thread(self._granted, ConversationId(sender_id)):
                return
            bodies = [
                {"sender_id": sender_id, **self._masker.mask_within(event.as_dict())}
                for event in events
            ]
            if isinstance(broker, _WAITING):
                await self._queue(broker, bodies, ConversationId(sender_id))
            else:
                _publish(broker, bodies)
        except Exception as error:  # whatever a broker raises: the turn is saved and stays so
            logger.error("events_not_published", broker=type(broker).__name__, exc_info=error)

    async def _queue(
        self, broker: EventBroker, bodies: list[dict[str, object]], conversation: ConversationId
    ) -> None:
        if self._waiting >= MOST_WAITING:
            raise BrokerTooSlow(f"{self._waiting} turns wait to be published.")
        self._waiting += 1
        loop = asyncio.get_running_loop()

        def publish_if_still_granted() -> None:  # it may have been taken back while this waited
            if self._granted(conversation):
                _publish(broker, bodies)

        published = loop.run_in_executor(self._thread, publish_if_still_granted)
        published.add_done_callback(self._published)
        await asyncio.wait({published}, timeout=PATIENCE)

    def _published(self, published: asyncio.Future[None]) -> None:
        self._waiting -= 1
        error = published.exception()
        if error is not None:
            logger.error("events_not_published", exc_info=error)


class BrokerTooSlow(Exception):
    """So many turns wait for the broker that no more are queued."""


def _publish(broker: EventBroker, bodies: list[dict[str, object]]) -> None:
    for body in bodies:
        broker.publish(body)
