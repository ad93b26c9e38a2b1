"""Real services below the actions: the example shop, proofs, messages, at a time that is moved."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from actions.flows import read_flows
from actions.services import Services
from helder.consent.purposes import ORDER_DATA
from helder.consent.records import Consents, Method
from helder.content.policies import load_pages, load_retention
from helder.conversation.entries import ConversationId
from helder.conversation.keyring import FileKeyring, create_missing
from helder.conversation.log import ConversationLog
from helder.conversation.proofs import Proofs
from helder.database import connect, metadata
from helder.decisions.errors import PolicyLost
from helder.decisions.explainer import Explainer
from helder.decisions.policy import Version
from helder.decisions.record import Decision
from helder.decisions.words import Words
from helder.handoff.messages import Messages
from helder.handoff.opening import load_opening
from helder.installation import consent_policy
from helder.links import Links
from helder.optout.records import OptOuts
from helder.optout.remembered import Remembered
from helder.responses import Phrases
from helder.shop.errors import ShopUnavailable
from helder.shop.facts import FACTS
from helder.shop.mail_limits import MailLimits
from helder.shop.model import Order
from helder.shop.policy import ShopPolicy, load_policy
from helder.shop.proof import Prover
from helder.shop.seed import demo_orders, seed
from helder.shop.sql import SqlShop
from helder.vocabulary.model import Vocabulary
from helder.vocabulary.reading import load_vocabulary
from tests.actions.play import Play

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=timezone.utc)  # a Friday, 13:00 in Amsterdam


class Clock:
    """A time that only moves when told to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with keys, an empty log and a full shop, to be copied."""
    folder = tmp_path_factory.mktemp("actions") / "filled"
    folder.mkdir()
    create_missing(folder / "keys")
    for name, fill in (("shop", _fill_shop), ("helder", metadata.create_all)):
        engine = connect(f"sqlite:///{folder / name}.db")
        fill(engine)
        engine.dispose()
    return folder


def _fill_shop(engine: Engine) -> None:
    seed(engine, today=NOW.date())


@pytest.fixture
def mine(filled: Path, tmp_path: Path) -> Path:
    """A copy that only this test has."""
    return Path(shutil.copytree(filled, tmp_path / "mine"))


@pytest.fixture
def shop(mine: Path, clock: Clock) -> Iterator[SqlShop]:
    engine = connect(f"sqlite:///{mine / 'shop.db'}")
    yield SqlShop(engine, Read.policy(), clock=clock, dice=random.Random(1))
    engine.dispose()


@pytest.fixture
def log(mine: Path, clock: Clock) -> Iterator[ConversationLog]:
    engine = connect(f"sqlite:///{mine / 'helder.db'}")
    yield ConversationLog(engine, FileKeyring(mine / "keys"), clock)
    engine.dispose()


@pytest.fixture
def services(shop: SqlShop, log: ConversationLog, clock: Clock) -> Services:
    return services_of(shop, log, clock)


class Written:
    """The versions of policies/ as they are, by digest."""

    def __init__(self, policy: ShopPolicy | None = None) -> None:
        versions = (policy or Read.policy()).versions()
        self.versions = {each.digest: each for each in versions}

    def find(self, decision: Decision) -> Version:
        if decision.digest not in self.versions:
            raise PolicyLost("not here")
        return self.versions[decision.digest]


def explainer(policy: ShopPolicy | None = None) -> Explainer:
    """Explains by the policies as they are written, or by others."""
    return Explainer(Words.of(ROOT / "policies", FACTS), Written(policy).find)


class Read:
    """What is read of this project, once: it says the same to every test, and none writes to it."""

    consents = staticmethod(cache(lambda: consent_policy(ROOT / "policies")))
    policy = staticmethod(cache(load_policy))
    explainer = staticmethod(cache(explainer))
    phrases = staticmethod(cache(lambda: Phrases(ROOT / "data" / "responses")))
    vocabulary = staticmethod(cache(lambda: load_vocabulary(ROOT / "words")))
    flows = staticmethod(cache(lambda: read_flows(ROOT / "data" / "rules")))


def services_of(shop: SqlShop, log: ConversationLog, clock: Clock | None = None) -> Services:
    """The services over this shop and this log, as actions/services.py makes them."""
    clock = clock or Clock()
    proofs = Proofs(log.engine, log.keyring)
    consents = Consents(proofs, *Read.consents(), clock)
    return Services(
        backend=shop,
        prover=Prover(shop, granted=consents.granted, clock=clock.seconds),
        proofs=proofs,
        consents=consents,
        opt_outs=OptOuts(proofs, Remembered(log.engine, log.keyring, clock), clock),
        messages=Messages(log.engine, log.keyring, clock),
        hours=load_opening(ROOT / "policies" / "opening_hours.yml"),
        kept=load_retention(ROOT / "policies" / "retention.yml"),
        pages=load_pages(ROOT / "policies" / "pages.yml"),
        policy=Read.policy(),
        explainer=Read.explainer(),
        links=Links(log.keyring, clock),
        address="https://chat.example",
        phrases=Read.phrases(),
        vocabulary=Read.vocabulary(),
        flows=Read.flows(),
        clock=clock,
        mail_limits=MailLimits(clock.seconds),
    )


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    """The words as they ship."""
    return load_vocabulary(ROOT / "words")


@pytest.fixture
def play(services: Services, log: ConversationLog) -> Play:
    """A conversation in which the customer has agreed that their order data is used."""
    conversation = log.open("nl", timedelta(hours=1)).conversation
    services.consents.give(conversation, ORDER_DATA, "nl", Method.BUTTON)
    return Play(services, conversation, {"language": "nl", "order_consent": "yes"})


@pytest.fixture
def order(shop: SqlShop) -> Callable[[str], Order]:
    """An order of the demo page by its scenario."""
    numbers = {demo.scenario: demo.number for demo in demo_orders(shop)}
    return lambda scenario: shop.order(numbers[scenario])


@pytest.fixture
def prove(play: Play) -> Callable[[Order], Order]:
    """Lets the conversation have proven an order, with the slots as the form leaves them."""

    def proven(order: Order) -> Order:
        play.services.proofs.record(ConversationId(play.conversation), "order", order.number)
        play.slots |= {"order_number": order.number, "order_proof": "proven"}
        return order

    return proven


class Broken:
    """A shop that never answers."""

    def __getattr__(self, name: str) -> Callable[..., object]:
        def fail(*_args: object, **_kwargs: object) -> object:
            raise ShopUnavailable("it is out")

        return fail


@pytest.fixture
def broken(play: Play) -> Play:
    """The same conversation while the shop is out."""
    shop = Broken()
    prover = Prover(shop, granted=play.services.consents.granted)  # type: ignore[arg-type]  # has what is used of it
    play.services = replace(play.services, backend=shop, prover=prover)  # type: ignore[arg-type]  # it only fails
    return play
