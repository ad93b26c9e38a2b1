"""Links that end: what they open, for how long, and what is refused."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from helder.conversation.keyring import MASTER, FileKeyring, create_missing, destroy, write_new
from helder.links import MINUTES, InvoiceLink, LinkRefused, Links
from tests.conversation.conftest import MovedClock

LINK = InvoiceLink("0123456789abcdef", "HD-204817", "IN-204817", "nl")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create_missing(tmp_path / "keys")
    return tmp_path / "keys"


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def links(folder: Path, clock: MovedClock) -> Links:
    return Links(FileKeyring(folder), clock)


def test_a_link_opens_what_it_was_made_for(links: Links) -> None:
    assert links.open(links.seal(LINK)) == LINK


def test_nothing_can_be_read_from_a_link(links: Links) -> None:
    text = links.seal(LINK)
    whole = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    assert b"204817" not in whole
    assert links.seal(LINK) != text


def test_a_link_ends(links: Links, clock: MovedClock) -> None:
    text = links.seal(LINK)
    clock.move(minutes=MINUTES, seconds=-1)
    assert links.open(text) == LINK
    clock.move(seconds=1)
    with pytest.raises(LinkRefused):
        links.open(text)


def test_a_link_survives_a_new_key_and_not_the_end_of_its_own(links: Links, folder: Path) -> None:
    text = links.seal(LINK)
    write_new(folder, MASTER)
    assert links.open(text) == LINK
    destroy(folder / "master.1.key")
    with pytest.raises(LinkRefused):
        Links(FileKeyring(folder)).open(text)


def test_a_link_that_was_changed_anywhere_is_refused(links: Links) -> None:
    text = links.seal(LINK)
    whole = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1
        with pytest.raises(LinkRefused):
            links.open(base64.urlsafe_b64encode(bytes(changed)).decode())


@pytest.mark.parametrize("text", ["", "x", "%00", "é", "A" * 40, "A" * 5000, "....", "\ud800"])
def test_what_is_no_link_is_refused(links: Links, text: str) -> None:
    with pytest.raises(LinkRefused):
        links.open(text)
