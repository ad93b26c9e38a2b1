"""Helder's own dialogue gives the same answers from a short window as from the full history."""

from __future__ import annotations

import random

import pytest
from rasa.core.agent import Agent
from rasa.utils.endpoints import EndpointConfig

from helder import keyfiles, model
from helder.brain.store import EncryptedTrackerStore
from helder.conversation.log import ConversationLog
from helder.settings import PROJECT
from helder.shop.seed import demo_orders, open_shop
from tests.brain.talk import Talk
from tests.brain.test_window import FullLog
from tests.running import Running

# Nothing here changes the shop, so that both readings of a script meet the same orders.
SAYINGS = {
    "en": [
        *("where is my order?", "I want to send something back", "please cancel my order"),
        *("what does delivery cost?", "how long does delivery take?", "when are you open?"),
        *("why do you need that?", "no, the other order", "never mind", "are you human?"),
        *("thanks", "hello", "no", "blorp zwark frob", "I don't have the number"),
    ],
    "nl": [
        *("waar blijft mijn pakket?", "ik wil iets terugsturen", "annuleer mijn bestelling"),
        *("wat kost bezorgen?", "hoe lang duurt het?", "wanneer zijn jullie open?"),
        *("waarom moet je dat weten?", "nee, die andere bestelling", "laat maar"),
        *("bedankt", "hoi", "nee", "blorp zwark frob", "ik heb het nummer niet bij de hand"),
    ],
}


@pytest.fixture(scope="module")
def agent(stack: Running) -> Agent:
    """Helder's model in this process, on the running stack's log and action server."""
    secret = keyfiles.internal_secret(stack.settings.keys)
    endpoint = EndpointConfig(
        stack.settings.actions_url,
        headers={"X-Helder-Secret": secret},
        enable_selective_domain=True,
    )
    found = model.fitting_model(PROJECT)
    assert found is not None
    store = EncryptedTrackerStore(log=stack.log())
    return Agent.load(found, tracker_store=store, action_endpoint=endpoint)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_window_changes_no_answer(agent: Agent, stack: Running, language: str) -> None:
    shop = open_shop(stack.settings.shop_url)
    orders = [o for o in demo_orders(shop) if o.scenario in ("on_its_way", "two_parcels")]
    # A number comes with its proof: what was said earlier is looked up in the window only.
    steps = [[saying] for saying in SAYINGS[language]]
    steps += [[o.number, o.postcode] for o in orders for _ in range(3)]
    base = stack.log()
    full = FullLog(base.engine, base.keyring)
    for seed in range(10):
        chance = random.Random(seed)
        script = [text for _ in range(8) for text in chance.choice(steps)]
        found = answers(agent, base, script, language)
        assert list(zip(script, found, strict=True)) == list(
            zip(script, answers(agent, full, script, language), strict=True)
        )


def answers(
    agent: Agent, log: ConversationLog, script: list[str], language: str
) -> list[list[str]]:
    agent.tracker_store.log = log
    talk = Talk.begin(agent, log, language)
    return [talk.say(text) for text in script]
