"""Helder's own dialogue gives the same answers from a short window as from the full history."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from rasa.core.agent import Agent
from rasa.utils.endpoints import EndpointConfig

from helder import keyfiles, model
from helder.brain.store import EncryptedTrackerStore
from helder.cli import prepare
from helder.consent.purposes import ORDER_DATA
from helder.consent.records import Consents, Method
from helder.conversation.keyring import FileKeyring
from helder.conversation.log import ConversationLog
from helder.conversation.proofs import Proofs
from helder.database import connect
from helder.installation import consent_policy
from helder.settings import PROJECT, Settings
from helder.shop.seed import demo_orders, open_shop
from helder.supervisor import Stack, helder_processes
from tests.brain.talk import Talk
from tests.brain.test_window import FullLog
from tests.running import settings_in

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
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The action server alone: a gateway would answer what waits in the inbox itself."""
    made = settings_in(tmp_path_factory.mktemp("window"))
    prepare(made)
    actions = tuple(each for each in helder_processes(made) if each.name == "actions")
    with Stack(made, actions, say=lambda _: None):
        yield made


@pytest.fixture(scope="module")
def agent(settings: Settings) -> Agent:
    """Helder's model in this process."""
    endpoint = EndpointConfig(
        settings.actions_url,
        headers={"X-Helder-Secret": keyfiles.internal_secret(settings.keys)},
        enable_selective_domain=True,
    )
    found = model.fitting_model(PROJECT) or model.train(settings, lambda _: None)
    log = ConversationLog(connect(settings.database_url), FileKeyring(settings.keys))
    store = EncryptedTrackerStore(log=log)
    return Agent.load(found, tracker_store=store, action_endpoint=endpoint)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_window_changes_no_answer(agent: Agent, settings: Settings, language: str) -> None:
    shop = open_shop(settings.shop_url)
    orders = [o for o in demo_orders(shop) if o.scenario in ("on_its_way", "two_parcels")]
    # A number comes with its proof: what was said earlier is looked up in the window only.
    steps = [[saying] for saying in SAYINGS[language]]
    steps += [[o.number, o.postcode] for o in orders for _ in range(3)]
    held = agent.tracker_store.log
    short = ConversationLog(held.engine, held.keyring)
    full = FullLog(held.engine, held.keyring)
    for seed in range(10):
        chance = random.Random(seed)
        script = [text for _ in range(8) for text in chance.choice(steps)]
        found = answers(agent, short, script, language)
        assert list(zip(script, found, strict=True)) == list(
            zip(script, answers(agent, full, script, language), strict=True)
        )


def answers(
    agent: Agent, log: ConversationLog, script: list[str], language: str
) -> list[list[str]]:
    agent.tracker_store.log = log
    talk = Talk.begin(agent, log, language)
    consents = Consents(Proofs(log.engine, log.keyring), *consent_policy(PROJECT / "policies"))
    consents.give(talk.conversation, ORDER_DATA, language, Method.BUTTON)
    return [talk.say(text) for text in script]
