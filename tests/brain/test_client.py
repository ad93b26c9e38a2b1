"""What Rasa's answers mean: only a message that breaks something itself is its own fault."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy.exc import OperationalError

from helder.brain.channel import _refusal
from helder.brain.client import BrainClient, Outcome
from helder.brain.errors import ActionsUnreachable, PlaintextExport, SilentTurn, TurnFailed
from helder.conversation.errors import EntryTampered, KeyringError, NotPending, StaleEpoch, TooLarge
from tests.aio import run


def outcome_of(response: httpx.Response) -> Outcome:
    async def ask() -> Outcome:
        client = BrainClient("http://127.0.0.1:1", "secret", 1)
        await client.aclose()
        client._http = httpx.AsyncClient(
            base_url="http://127.0.0.1:1", transport=httpx.MockTransport(lambda _: response)
        )
        try:
            return await client.turn("c", "m", 0, "hoi", None)
        finally:
            await client.aclose()

    return run(ask())


@pytest.mark.parametrize(
    ("response", "outcome"),
    [
        (httpx.Response(200, json={"seq": 2, "said": 1}), Outcome.SAVED),
        (httpx.Response(200, json={"seq": 2, "said": 0}), Outcome.DOWN),
        (httpx.Response(200, json={"error": "answered"}), Outcome.ANSWERED),
        (httpx.Response(200, text="<h1>It works!</h1>"), Outcome.DOWN),
        (httpx.Response(200, json=[]), Outcome.DOWN),
        (httpx.Response(403, json={"error": "forbidden"}), Outcome.DOWN),
        (httpx.Response(500, json={"error": "failed"}), Outcome.FAILED),
    ],
)
def test_an_answer_is_read_for_what_it_is(response: httpx.Response, outcome: Outcome) -> None:
    assert outcome_of(response) is outcome


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (NotPending(), Outcome.ANSWERED),
        (StaleEpoch(), Outcome.CONFLICT),
        (EntryTampered(), Outcome.DAMAGED),
        (ActionsUnreachable(), Outcome.DOWN),
        (TurnFailed("action_shout"), Outcome.FAILED),
        (SilentTurn(), Outcome.SILENT),
        (PlaintextExport(), Outcome.FAILED),
        (KeyringError(), Outcome.DOWN),
        (TooLarge(), Outcome.FAILED),
        (OperationalError("INSERT", {}, Exception("disk I/O error")), Outcome.DOWN),
        (ZeroDivisionError(), Outcome.FAILED),
    ],
    ids=lambda value: type(value).__name__,
)
def test_the_channel_says_why_a_turn_failed(error: Exception, outcome: Outcome) -> None:
    refusal = _refusal(error)
    assert outcome_of(httpx.Response(refusal.status, content=refusal.body)) is outcome
