"""The four processes as they run: of a customer who wants no AI, what Rasa reads is counted."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from helder.conversation.inbox import MAX_PENDING
from helder.handoff.messages import Messages
from helder.shop.identity import mint
from tests.running import Running, Talk, running

COUNTING = Path(__file__).parent / "counting"
NO_AI = {"en": "I don't want to talk to an AI", "nl": "ik wil niet met AI praten"}
UNDO = {"en": "Use the assistant again", "nl": "Praat weer met de assistent"}
# What the assistant would answer, obey or take for a yes, and what is for a person only.
WORDS = (
    *("where is my order?", "HD-204817", "yes", "nee", "ok", "/restart", "/affirm", "stop"),
    *("use the assistant again", "AI please", "I want the AI back", "are you human?", "hallo"),
    *("my card is 4111 1111 1111 1111", "sanne@example.nl", "bel me op 06 12345678", "why?"),
    *("ik wil mijn bestelling annuleren", "no AI", "hey", "…", "keep this conversation", "dank je"),
)


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file with every text that went through NLU."""
    path = tmp_path_factory.mktemp("counted") / "read"
    path.touch()
    return path


@pytest.fixture(scope="module")
def counted(read: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(COUNTING))
        patch.setenv("COUNTED_READ", str(read))
        with running(tmp_path_factory.mktemp("optout")) as stack:
            yield stack


def texts(read: Path) -> list[str]:
    return [json.loads(line) for line in read.read_text(encoding="utf-8").splitlines()]


def no_ai(talk: Talk) -> None:
    """Say it, and wait for the assistant's last words and for what the system says to it."""
    talk.least = 2
    told = talk.say(NO_AI[talk.language])
    talk.least = 1
    assert len(told) == 2


@pytest.mark.parametrize("language", ["en", "nl"])
def test_after_no_ai_rasa_reads_nothing_of_the_customer(
    counted: Running, read: Path, language: str
) -> None:
    talk = counted.talk(language)
    before = len(texts(read))
    talk.say("hello" if language == "en" else "hallo")
    no_ai(talk)
    assert len(texts(read)) == before + 2  # the counter counts: so far it read all of it
    for words in WORDS:
        talk.say(words)
    assert len(texts(read)) == before + 2
    messages = Messages(counted.log().engine, counted.log().keyring)
    mine = [messages.read(each.reference) for each in messages.waiting()]
    (left,) = (each for each in mine if each.conversation == talk.conversation)
    assert left.text.count("\n") == len(WORDS) - 1
    assert "4111" not in left.text
    talk.choices = [c for m in talk.read() for c in m["choices"]]
    talk.choose(UNDO[language])
    assert len(texts(read)) == before + 2  # the button is not read either
    talk.say("thanks" if language == "en" else "bedankt")
    assert len(texts(read)) == before + 3


def test_messages_that_were_sent_at_once_with_it_are_not_read_either(
    counted: Running, read: Path
) -> None:
    talk = counted.talk("en")
    # As many as may wait for an answer: however slow the assistant is, none is refused.
    said = [NO_AI["en"], *(f"secret number {each}" for each in range(MAX_PENDING - 1))]
    for text in said:
        assert talk.post(id=str(uuid.uuid4()), text=text).status_code == 202
    for messages in talk.polled():
        if [m["text"] for m in messages if m["author"] == "customer"] == said:
            break
    else:
        raise AssertionError("not all was taken")
    assert [each for each in texts(read) if "secret number" in each] == []


def test_a_known_customer_is_never_read_in_a_new_conversation(counted: Running, read: Path) -> None:
    def signed_in() -> Talk:
        settings = counted.settings
        token = mint("C-20007", settings.identity_audience, settings.identity_secret or "")  # type: ignore[arg-type]  # the settings of the test have both
        return counted.talk("en", identity=token)

    no_ai(signed_in())
    before = len(texts(read))
    again = signed_in()
    assert "You chose to go without AI before" in again.read()[0]["text"]
    for words in WORDS:
        again.say(words)
    assert len(texts(read)) == before
    again.choices = [c for m in again.read() for c in m["choices"]]
    again.choose(UNDO["en"])
    assert signed_in().say("hello")
    assert len(texts(read)) == before + 1


def test_it_outlives_the_death_of_the_processes(counted: Running, read: Path) -> None:
    talk = counted.talk("en")
    no_ai(talk)
    before = len(texts(read))
    counted.stack.kill("rasa")
    talk.say("is anybody there?")  # nothing of Rasa is needed for that
    counted.stack.kill("gateway")
    sent = str(uuid.uuid4())
    for messages in _until_up(talk):
        if any(m["text"].startswith("Added to your message") for m in messages):
            break
        talk.post(id=sent, text="and now?")
    assert len(texts(read)) == before


def _until_up(talk: Talk) -> Iterator[list[dict[str, str]]]:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            yield talk.read()
        except httpx.HTTPError:
            continue  # it was killed, and is started again
    raise AssertionError("the gateway did not come back")
