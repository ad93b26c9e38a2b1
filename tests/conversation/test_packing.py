"""What is stored is small, and what made it so never changes."""

from __future__ import annotations

import hashlib

import pytest

from helder.conversation.errors import EntryTampered
from helder.conversation.packing import WORDS, pack, squeeze, unpack, unsqueeze


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
        open_it(rubbish)  # type: ignore[operator]


def test_a_little_that_would_become_far_too_much_is_refused() -> None:
    with pytest.raises(EntryTampered, match="larger"):
        unpack(pack(bytes(17 * 1024 * 1024)))
