"""Recording the dialogue: Helder's model and actions, with stock Rasa's tracker store behind them.

So the events are those that stock Rasa would store of this very dialogue, not one more or less.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig

from bench.failure import BenchFailed
from bench.ours import Ours
from bench.starts import until_ready
from bench.store.dialogue import Dialogue, Recorded, divide
from bench.store.script import SCRIPT
from helder import model
from helder.brain.channel import SECRET_HEADER, HelderChannel
from helder.brain.store import EncryptedTrackerStore
from helder.conversation.log import ConversationLog
from helder.database import connect
from helder.installation import anchor_of, keyring_of
from helder.settings import PROJECT, Settings
from helder.shop.seed import demo_orders, open_shop

BUTTON = "> "
_LIFE = timedelta(hours=2)


async def record(ours: Ours) -> tuple[Domain, Dialogue]:
    """Have the dialogue of script.py, and give the domain and what stock Rasa has stored of it.

    Raises:
        BenchFailed: the assistant had no answer, or no such button.
    """
    with ours.running("actions") as actions:
        await until_ready(actions)
        agent, store = _agent(ours, fitting_model(ours))
        log = _log(ours.settings)
        # The actions keep what a customer has proven in the log; so the conversation must be there.
        sender = log.open("en", _LIFE).conversation
        lines = [filled(line, _orders(ours)) for line in SCRIPT]
        said = await _say(agent, sender, lines)
        dialogue = divide(_stored(store, sender), said)
        log.engine.dispose()
        store.engine.dispose()
    return agent.domain, dialogue


def fitting_model(ours: Ours) -> Path:
    """A model of the copy: the checkout's own if it fits, or else one that is trained now."""
    models = ours.settings.project / "models"
    there = model.fitting_model(PROJECT)
    if there is not None and not ours.model:
        models.mkdir(exist_ok=True)
        shutil.copy(there, models)
    if not ours.model:
        ours.train()
    found = model.fitting_model(ours.settings.project)
    if found is None:
        raise BenchFailed("Helder's model was trained, and is not there.")
    return found


def _log(settings: Settings) -> ConversationLog:
    engine, keyring = connect(settings.database_url), keyring_of(settings)
    return ConversationLog(engine, keyring, anchor=anchor_of(settings))


def _agent(ours: Ours, trained: Path) -> tuple[Agent, SQLTrackerStore]:
    endpoint = EndpointConfig(
        ours.settings.actions_url,
        headers={SECRET_HEADER: ours.secret},
        enable_selective_domain=True,
    )
    # Helder lets no agent be made with another store than its own; it is exchanged afterwards.
    helders = EncryptedTrackerStore(log=_log(ours.settings))
    agent = Agent.load(trained, tracker_store=helders, action_endpoint=endpoint)
    store = SQLTrackerStore(agent.domain, db=str(ours.settings.var / "recording.db"))
    agent.tracker_store = store
    agent.processor.tracker_store = store
    return agent, store


async def _say(agent: Agent, sender: str, lines: list[str]) -> list[str]:
    said: list[str] = []
    buttons: Mapping[str, str] = {}
    for line in lines:
        words = line.removeprefix(BUTTON)
        if line.startswith(BUTTON) and words not in buttons:
            raise BenchFailed(f"There is no button “{words}” but {', '.join(buttons) or 'none'}.")
        text = buttons[words] if line.startswith(BUTTON) else line
        channel = CollectingOutputChannel()
        message = UserMessage(text, channel, sender, input_channel=HelderChannel.name())
        await agent.handle_message(message)
        if not channel.messages:
            raise BenchFailed(f"Helder has no answer to “{line}”.")
        offered = [button for said in channel.messages for button in said.get("buttons", ())]
        buttons = {button["title"]: button["payload"] for button in offered}
        said.append(words)
    return said


def _stored(store: SQLTrackerStore, sender: str) -> list[Recorded]:
    table = store.SQLEvent.__table__
    query = sa.select(table.c.data).where(table.c.sender_id == sender).order_by(table.c.id)
    with store.engine.connect() as connection:
        return [json.loads(row.data) for row in connection.execute(query)]


def _orders(ours: Ours) -> dict[str, Any]:
    shop = open_shop(ours.settings.shop_url)
    return {order.scenario: order for order in demo_orders(shop)}


def filled(line: str, orders: Mapping[str, Any]) -> str:
    """A line of the script with the numbers and proofs of the shop's orders."""
    return re.sub(
        r"\{(\w+)\.(number|postcode|email)\}",
        lambda found: str(getattr(orders[found[1]], found[2])),
        line,
    )
