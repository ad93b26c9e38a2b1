"""Two of everything on one PostgreSQL: whatever is killed, each message is answered just once."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass

import httpx
import pytest

from helder import model
from helder.cli import prepare
from helder.conversation.entries import Author, ConversationId, Kind
from helder.conversation.inbox import Inbox
from helder.conversation.log import ConversationLog
from helder.database import connect
from helder.installation import anchor_of, keyring_of
from helder.settings import PROJECT, Settings
from helder.shop.identity import mint
from helder.shop.model import CustomerId
from helder.shop.seed import demo_orders, open_shop
from helder.supervisor import Stack, helder_processes
from tests.aio import run
from tests.load import Customer
from tests.postgres import Server, serving
from tests.reach import client_to
from tests.running import Running, settings_in

CUSTOMERS, WATCHING = 200, 10
TEXTS = ("hello", "what are your opening hours?", "are you a human?")
VICTIMS = ("gateway", "rasa", "actions")
BETWEEN_KILLS = (1.0, 3.0)  # seconds
PATIENCE = 120.0


@dataclass
class Pair:
    """Two stacks, what each of them said, and the server under both."""

    settings: list[Settings]
    stacks: list[Stack]
    lines: list[list[str]]
    server: Server
    pool: ThreadPoolExecutor


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("pair")
    with serving() as server, ExitStack() as ending:
        common = {
            "HELDER_DATABASE_URL": server.empty(),
            "HELDER_SHOP_URL": server.empty(),
            "HELDER_KEYS": str(folder / "keys"),
            "HELDER_ANCHOR": str(folder / "anchor.db"),
            "HELDER_LOG_LEVEL": "info",
        }
        settings = [settings_in(folder / name, **common) for name in ("a", "b")]
        if model.fitting_model(PROJECT) is None:
            model.train(settings[0], lambda _: None)
        lines: list[list[str]] = [[], []]
        stacks = []
        for each, said in zip(settings, lines, strict=True):
            prepare(each)
            processes = tuple(p for p in helder_processes(each) if p.name in VICTIMS)
            stacks.append(Stack(each, processes, say=said.append))
        # A process ends with the thread that started it; these live as long as the test.
        pool = ending.enter_context(ThreadPoolExecutor(2))
        list(pool.map(ending.enter_context, stacks))
        yield Pair(settings, stacks, lines, server, pool)


def test_a_dialogue_goes_on_whichever_stack_gets_the_next_message(pair: Pair) -> None:
    orders = demo_orders(open_shop(pair.settings[0].shop_url))
    order = next(each for each in orders if each.scenario == "on_its_way")
    one, other = (
        Running(*each) for each in zip(pair.settings, pair.stacks, pair.lines, strict=True)
    )
    talk = one.talk("nl")
    elsewhere = httpx.Client(base_url=other.gateway_url, timeout=20, trust_env=False)
    assert "bestelnummer" in talk.say("waar blijft mijn pakket?")[0]
    talk.client, here = elsewhere, talk.client
    assert order.number in talk.say(order.number)[0]
    talk.client = here
    assert "onderweg" in " ".join(talk.say(order.postcode))
    talk.client = elsewhere
    assert "onderweg" in " ".join(talk.say(f"waar is {order.number}?"))  # proven at the other one


def test_a_token_that_says_who_somebody_is_opens_one_conversation_of_all_stacks(pair: Pair) -> None:
    token = mint(CustomerId("c-1"), "helder", pair.settings[0].identity_secret or "")
    body = {"language": "en", "identity": token}
    statuses = []
    for settings in pair.settings:
        address = f"http://127.0.0.1:{settings.gateway_port}/api/conversations"
        statuses.append(httpx.post(address, json=body, trust_env=False).status_code)
    assert statuses == [201, 400]


def test_nothing_is_lost_or_doubled_whatever_is_killed_under_two_hundred_customers(
    pair: Pair,
) -> None:
    chance = random.Random()
    customers = run(under_fire(pair, chance))
    settings = pair.settings[0]
    log = ConversationLog(
        connect(settings.database_url), keyring_of(settings), anchor=anchor_of(settings)
    )
    for customer in customers:
        check(log, customer)
    for lines in pair.lines:
        for victim in VICTIMS:
            assert any(line.startswith(f"! {victim} ended (signal 9)") for line in lines)


def check(log: ConversationLog, customer: Customer) -> None:
    """What was acknowledged is in the log once, in order, and each was answered there and then."""
    assert len(customer.acknowledged) == len(TEXTS)
    entries = log.history(ConversationId(customer.conversation))
    heard = [m for entry in entries for m in entry.messages if m.author is Author.CUSTOMER]
    assert [(m.id, m.text) for m in heard] == customer.acknowledged
    turns = [entry for entry in entries if entry.kind is Kind.TURN]
    assert len(turns) == len(TEXTS)
    for turn in turns:
        first, *answer = [message.author for message in turn.messages]
        assert first is Author.CUSTOMER
        assert answer
        assert set(answer) == {Author.ASSISTANT}
    if customer.streamed:
        assert customer.streamed == list(range(1, entries[-1].number + 1))


async def under_fire(pair: Pair, chance: random.Random) -> list[Customer]:
    """The customers, after each process was killed once while they talked, the database too."""
    async with AsyncExitStack() as open_clients:
        clients = [
            await open_clients.enter_async_context(client_of(each)) for each in pair.settings
        ]
        customers = [Customer(clients, random.Random(chance.random())) for _ in range(CUSTOMERS)]
        watching = [asyncio.create_task(each.watch()) for each in customers[:WATCHING]]
        texts = [chance.sample(TEXTS, len(TEXTS)) for _ in customers]
        talking = [
            asyncio.create_task(each.talk(said))
            for each, said in zip(customers, texts, strict=True)
        ]
        await asyncio.gather(kill_each(pair, chance), *talking)
        await asyncio.to_thread(wait_for_answers, pair.settings[0], customers)
        for task in watching:
            task.cancel()
        await asyncio.gather(*watching, return_exceptions=True)
    return customers


def client_of(settings: Settings) -> httpx.AsyncClient:
    return client_to(
        settings.gateway_port,
        timeout=httpx.Timeout(20, pool=None),
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=50),
    )


async def kill_each(pair: Pair, chance: random.Random) -> None:
    """Kill -9 each process of both stacks once, and the database, in any order, at any moment."""
    victims = [(stack, name) for stack in pair.stacks for name in VICTIMS]
    shuffled = chance.sample([*victims, None], len(victims) + 1)
    for victim in shuffled:
        await asyncio.sleep(chance.uniform(*BETWEEN_KILLS))
        if victim is None:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(pair.pool, pair.server.crash)
            await loop.run_in_executor(pair.pool, pair.server.start)
        else:
            stack, name = victim
            stack.kill(name)


def wait_for_answers(settings: Settings, customers: list[Customer]) -> None:
    """Until no message waits, and those who watch have seen all there is."""
    engine, keyring = connect(settings.database_url), keyring_of(settings)
    inbox, log = Inbox(engine, keyring), ConversationLog(engine, keyring)
    end = time.monotonic() + PATIENCE
    while inbox.waiting() or not all(has_seen_all(log, each) for each in customers[:WATCHING]):
        assert time.monotonic() < end, f"{len(inbox.waiting())} conversations still wait"
        time.sleep(0.1)  # between two looks at real processes
    engine.dispose()


def has_seen_all(log: ConversationLog, customer: Customer) -> bool:
    number = log.head(ConversationId(customer.conversation)).number
    return customer.streamed[-1:] == [number]
