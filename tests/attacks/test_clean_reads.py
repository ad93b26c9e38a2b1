"""What nobody changed is not taken for damaged: in 100,000 readings, and while others write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import cycle, islice
from random import Random
from threading import Event
from unittest import mock

import pytest

from helder.conversation import cipher
from helder.conversation.entries import Author, ConversationId, MessageId, Owner
from helder.conversation.inbox import Inbox, Received
from helder.conversation.keyring import MASTER, write_new
from helder.conversation.log import ConversationLog
from helder.conversation.proofs import ORDER, Proofs
from tests.attacks.scene import Scene, build
from tests.conversation.test_log import NOW, turn

READS = 100_000
CONVERSATIONS = 150
# Of every 100 readings so many are of the row alone; the rest also opens entries, messages, proofs.
OF_THE_ROW = 84


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("clean")
    scene = build(folder, f"sqlite:///{folder / 'helder.db'}")
    yield scene
    scene.attacker.close()
    scene.engine.dispose()


@pytest.mark.timeout(1200)  # half a minute, if nobody else works on this machine
def test_a_hundred_thousand_readings_of_what_was_written_find_nothing_wrong(house: Scene) -> None:
    ids = [_talk(house, Random(number)) for number in range(CONVERSATIONS)]
    log, inbox, proofs = house.log, house.inbox, house.proofs
    whole = {each: log.history(each) for each in ids}
    others: tuple[Callable[[ConversationId], bool], ...] = (
        lambda c: log.window(c).position == log.head(c).position,
        lambda c: len(inbox.pending(c)) <= 3,
        lambda c: len(proofs.subjects(c, ORDER)) <= 2,
        lambda c: log.history(c) == whole[c],
    )
    rest = cycle(others)
    for number, conversation in enumerate(islice(cycle(ids), READS)):
        if number // CONVERSATIONS % 100 < OF_THE_ROW:
            assert log.head(conversation).position.seq == len(whole[conversation])
        else:
            assert next(rest)(conversation)
    assert house.anchor.locks() == []


def _talk(house: Scene, chance: Random) -> ConversationId:
    """A conversation of some length, of several key generations, with this and that in it."""
    log, conversation = house.log, house.log.open("nl", timedelta(days=1)).conversation
    with mock.patch.object(cipher, "ENTRIES_PER_KEY", chance.choice([1, 3, 8, 2**20])):
        for number in range(chance.choice([0, 1, 2, 5, 10, 25])):
            save = turn(chance.randbytes(20).hex(), f"antwoord {number}")
            log.save_turn(log.head(conversation).position, save, None)
            if chance.random() < 0.1:
                log.say(conversation, Author.SYSTEM, "Even geduld.")
        for number in range(chance.randint(0, 3)):
            house.inbox.put(conversation, Received(MessageId(f"m{number}"), "hoi", NOW))
        for number in range(chance.randint(0, 2)):
            house.proofs.record(conversation, ORDER, f"HD-{number}")
    if chance.random() < 0.01:
        write_new(house.keyring.folder, MASTER)
    return conversation


def test_readings_while_others_write_find_nothing_wrong_either(house: Scene) -> None:
    """Each process has an anchor and an engine of its own; here each thread has its own log."""
    talks = [_talk(house, Random(number)) for number in range(3)]
    done = Event()

    def write(conversation: ConversationId) -> int:
        log = ConversationLog(house.engine, house.keyring, house.clock, house.anchor)
        inbox = Inbox(house.engine, house.keyring, house.anchor)
        for number in range(60):
            message = MessageId(f"w{number}")
            inbox.put(conversation, Received(message, "hoi", NOW))
            log.save_turn(log.head(conversation).position, turn("hoi", "dag"), message)
        return log.head(conversation).position.seq

    def read(seed: int) -> int:
        chance, reads = Random(seed), 0
        log = ConversationLog(house.engine, house.keyring, house.clock, house.anchor)
        inbox = Inbox(house.engine, house.keyring, house.anchor)
        proofs = Proofs(house.engine, house.keyring, house.anchor)
        seen = dict.fromkeys(talks, 0)
        while not done.is_set():
            conversation = chance.choice(talks)
            head = log.head(conversation)
            assert head.owner is Owner.ASSISTANT
            assert head.position.seq >= seen[conversation]
            seen[conversation] = head.position.seq
            assert len(log.history(conversation)) >= head.position.seq
            inbox.pending(conversation)
            proofs.subjects(conversation, ORDER)
            reads += 4
        return reads

    with ThreadPoolExecutor(6) as pool:
        readers = [pool.submit(read, seed) for seed in range(3)]
        try:
            written = list(pool.map(write, talks))
        finally:
            done.set()
        assert all(reader.result() > 0 for reader in readers)
    assert all(seq > 60 for seq in written)
    assert house.anchor.locks() == []
