"""The whole of Helder, started as `make run` starts it: a customer is helped in both languages."""

from __future__ import annotations

import json
import re
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from helder.shop.identity import mint
from helder.shop.seed import demo_orders, open_shop
from tests.aio import run
from tests.running import Running, Talk, running


def order_of(stack: Running, scenario: str) -> tuple[str, str]:
    """A number and its postcode."""
    orders = demo_orders(open_shop(stack.settings.shop_url))
    return next((o.number, o.postcode) for o in orders if o.scenario == scenario)


def test_a_parcel_is_tracked_in_dutch_with_an_interruption(stack: Running) -> None:
    number, postcode = order_of(stack, "on_its_way")
    talk = stack.talk("nl")
    assert "bestelnummer" in talk.say("waar blijft mijn pakket?")[0]
    why = talk.say("waarom moet je dat weten?")
    assert len(why) == 2
    assert "bestelnummer" in why[-1]
    assert number in talk.say(number)[0]
    assert "onderweg" in " ".join(talk.say(postcode))


def test_an_order_is_cancelled_in_english_and_really_is(stack: Running) -> None:
    number, postcode = order_of(stack, "just_paid")
    talk = stack.talk("en")
    talk.say(f"please cancel my order {number}")
    assert talk.say(f"my postcode is {postcode}")
    assert talk.say("yes")
    shop = open_shop(stack.settings.shop_url)
    assert shop.order(number).state.value == "cancelled"


def test_the_language_follows_the_customer_in_mid_conversation(stack: Running) -> None:
    talk = stack.talk("en")
    assert "order number" in talk.say("where is my parcel?")[0]
    assert "bestelnummer" in talk.say("sorry, kunnen we in het Nederlands verder praten?")[-1]


def test_a_customer_known_by_a_signed_token_is_not_asked_for_proof(stack: Running) -> None:
    shop = open_shop(stack.settings.shop_url)
    number, _ = order_of(stack, "on_its_way")
    customer = shop.order(number).customer
    token = mint(customer, "helder", stack.settings.identity_secret or "")
    talk = stack.talk("en", identity=token)
    talk.say("where is my order?")
    assert "on its way" in " ".join(talk.say(number)).lower()


def test_two_not_understood_in_a_row_offer_a_person(stack: Running) -> None:
    talk = stack.talk("nl")
    talk.say("blurp frobnicate zwark")
    again = talk.answer(text="xqzzt blorp vlieg")
    assert any("collega" in m["text"] or m["choices"] for m in again)
    assert any("collega" in c["title"].lower() for c in talk.choices)


def test_a_message_for_a_person_gets_a_reference_number(stack: Running) -> None:
    talk = stack.talk("en")
    talk.say("I want to speak to a human being")
    talk.say("My parcel arrived broken and I am quite unhappy about it.")
    taken = " ".join(talk.say("jane@example.com"))
    assert re.search(r"KD-[0-9A-Z]{4}-[0-9A-Z]{2}", taken)


def test_the_same_message_id_is_answered_once(stack: Running) -> None:
    talk, id_ = stack.talk("en"), str(uuid.uuid4())
    answers = [talk.post(id=id_, text="what are your opening hours?") for _ in range(5)]
    assert [a.status_code for a in answers] == [202] * 5
    talk.say("thanks")
    customers = [m for m in talk.read() if m["author"] == "customer"]
    assert [m["text"] for m in customers] == ["what are your opening hours?", "thanks"]
    assert talk.post(id=id_, text="again").status_code == 202
    assert len(talk.read()) == talk.seen


def test_messages_sent_at_once_are_answered_in_order(stack: Running) -> None:
    talk = stack.talk("en")
    ids = [str(uuid.uuid4()) for _ in range(6)]
    for id_ in ids:
        assert talk.post(id=id_, text="what are your opening hours?").status_code == 202
    for messages in talk.polled():
        if sum(m["author"] == "customer" for m in messages) == 6:
            break
    customers = [m["id"] for m in messages if m["author"] == "customer"]
    assert customers == ids
    authors = [m["author"] for m in messages]
    assert authors[0] == "customer"
    assert ("customer", "customer") not in pairwise(authors)


def test_the_stream_gives_what_is_said_once_and_what_was_missed_after_a_break(
    stack: Running,
) -> None:
    talk = stack.talk("en")
    talk.say("hello")
    first = run(stream_until(stack, talk, after=0, messages=2))
    assert [e["event"] for e in first][:1] == ["owner"]
    talk.say("thanks")
    missed = run(stream_until(stack, talk, after=2, messages=2))
    assert [e["id"] for e in missed if e["event"] == "message"] == [3, 4]


async def stream_until(
    stack: Running, talk: Talk, after: int, messages: int
) -> list[dict[str, object]]:
    """Events of the stream until so many messages came."""
    events: list[dict[str, object]] = []
    url = f"{stack.gateway_url}/api/conversations/{talk.conversation}/events"
    headers = {**talk.headers, "Last-Event-ID": str(after)}
    async with (
        httpx.AsyncClient(timeout=20, trust_env=False) as client,
        client.stream("GET", url, headers=headers) as response,
    ):
        assert response.headers["content-type"].startswith("text/event-stream")
        current: dict[str, object] = {}
        async for line in response.aiter_lines():
            name, _, value = line.partition(": ")
            if name == "id":
                current["id"] = int(value)
            elif name == "event":
                current["event"] = value
            elif name == "data":
                current["data"] = json.loads(value)
            elif not line and "event" in current:
                events.append(current)
                current = {}
                if sum(e["event"] == "message" for e in events) == messages:
                    break
    return events


def test_twenty_customers_at_once_each_get_their_own_answers(stack: Running) -> None:
    def visit(i: int) -> bool:
        talk = stack.talk("nl" if i % 2 else "en")
        answers = talk.say("hoi" if i % 2 else "hello")
        talk.say("bedankt" if i % 2 else "thanks")
        return bool(answers) and len(talk.read()) >= 4

    with ThreadPoolExecutor(20) as pool:
        assert all(pool.map(visit, range(20)))


@pytest.fixture(scope="module")
def own_stack(tmp_path_factory: pytest.TempPathFactory):
    """A stack whose processes this module may kill."""
    with running(tmp_path_factory.mktemp("own"), HELDER_TURN_TIMEOUT="5") as started:
        yield started


@pytest.mark.parametrize("victim", ["rasa", "actions", "gateway"])
def test_a_message_survives_the_death_of_any_process(own_stack: Running, victim: str) -> None:
    talk = own_stack.talk("en")
    talk.say("hello")
    sent = str(uuid.uuid4())
    if victim != "gateway":
        own_stack.stack.kill(victim)
    assert talk.post(id=sent, text="what are your opening hours?").status_code == 202
    if victim == "gateway":
        own_stack.stack.kill(victim)
    messages = wait_for_answer(talk, sent)
    assert [m.get("id") for m in messages].count(sent) == 1
    answers = [m for m in messages if m["author"] == "assistant" and "09:00" in m["text"]]
    assert len(answers) == len({m["seq"] for m in answers}) >= 1


def wait_for_answer(talk: Talk, sent: str) -> list[dict]:
    """Poll through the outage until the assistant has answered this message."""
    give_up = threading.Event()
    timer = threading.Timer(60, give_up.set)
    timer.start()
    try:
        while not give_up.is_set():
            try:
                messages = talk.read()
            except httpx.HTTPError:
                continue  # the outage itself
            places = [i for i, m in enumerate(messages) if m.get("id") == sent]
            if places and any(m["author"] == "assistant" for m in messages[places[0] :]):
                return messages
    finally:
        timer.cancel()
    raise AssertionError("no answer")


def test_in_an_outage_the_customer_is_told_and_can_leave_a_message(own_stack: Running) -> None:
    talk = own_stack.talk("nl")
    talk.say("hallo")
    assert own_stack.settings.rasa_port
    talk.seen = len(talk.read())
    sent = str(uuid.uuid4())
    own_stack.stack.kill("rasa")
    talk.post(id=sent, text="waar is mijn bestelling?")
    for messages in talk.polled():
        system = [m for m in messages if m["author"] == "system"]
        if system:
            break
        if any(m["author"] == "assistant" for m in messages):
            own_stack.stack.kill("rasa")
            talk.seen = messages[-1]["seq"]
            talk.post(id=str(uuid.uuid4()), text="waar is mijn bestelling?")
    assert "bewaard" in system[0]["text"]
    assert system[0]["choices"]


def test_no_log_file_holds_a_word_of_a_customer(stack: Running) -> None:
    talk = stack.talk("nl")
    secret = "kanariepietje"
    talk.say(f"mijn {secret} is ziek en waar is mijn bestelling?")
    talk.say("anna.kanariepietje@example.nl")
    logs = list((Path(stack.settings.var) / "log").glob("*.log"))
    assert logs
    for path in logs:
        assert secret not in path.read_text()
