"""What is stored is small, and what made it so never changes."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable

import pytest

from helder.conversation.errors import EntryTampered, TooLarge
from helder.conversation.log import ConversationLog
from helder.conversation.packing import MAX_BYTES, WORDS, pack, squeeze, unpack, unsqueeze
from tests.conversation.test_log import opened, save, turn


def test_the_dictionary_of_format_2_is_never_changed() -> None:
    digest = hashlib.sha256(WORDS).hexdigest()
    assert digest == "f9307bc9ffaa625bddf0025b344ea5e119c2a1a913b748556c6d1a0716c4d7eb"


@pytest.mark.parametrize("plain", [b"", b"{}", "één € 🙂".encode(), bytes(range(256)) * 999])
def test_what_was_packed_comes_out_as_it_was(plain: bytes) -> None:
    assert unpack(pack(plain)) == plain
    assert unsqueeze(squeeze(plain)) == plain


@pytest.mark.parametrize("open_it", [unpack, unsqueeze])
@pytest.mark.parametrize("rubbish", [b"", b"\xff" * 9, pack(b"half of it" * 99)[:-2]])
def test_what_was_not_packed_here_is_refused(open_it: object, rubbish: bytes) -> None:
    with pytest.raises(EntryTampered):
        open_it(rubbish)  # type: ignore[operator]  # a parameter of pytest, typed as object


def test_a_little_that_would_become_far_too_much_is_refused() -> None:
    bomb = zlib.compress(bytes(MAX_BYTES + 1))
    with pytest.raises(EntryTampered, match="larger"):
        unsqueeze(bomb)


@pytest.mark.parametrize(("make", "open_it"), [(pack, unpack), (squeeze, unsqueeze)])
def test_nothing_is_packed_that_is_too_large_to_be_read(
    make: Callable[[bytes], bytes], open_it: Callable[[bytes], bytes]
) -> None:
    assert len(open_it(make(bytes(MAX_BYTES)))) == MAX_BYTES
    with pytest.raises(TooLarge):
        make(bytes(MAX_BYTES + 1))


def test_an_entry_that_is_too_large_is_refused_and_the_conversation_goes_on(
    log: ConversationLog,
) -> None:
    conversation = opened(log)
    before = log.history(conversation)
    with pytest.raises(TooLarge):
        save(log, conversation, turn("x" * MAX_BYTES, "Dat is veel."))
    assert log.history(conversation) == before
    save(log, conversation, turn("Hallo", "Dag!"))
    assert len(log.history(conversation)) == len(before) + 1
