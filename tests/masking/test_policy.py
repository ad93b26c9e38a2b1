"""policies/masking.yml: what it says is what is done, and what it cannot say is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from helder.content.policies import PolicyRefused, load_masking
from helder.gateway.intake import kept
from helder.masking.kinds import BY_POLICY, Kind
from helder.masking.masker import Masker
from helder.settings import PROJECT

OURS = PROJECT / "policies" / "masking.yml"


def changed(folder: Path, old: str, new: str) -> Path:
    text = OURS.read_text(encoding="utf-8")
    assert old in text
    path = folder / "masking.yml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_as_it_is_shipped_contact_details_stay_in_the_conversation_and_leave_it_masked() -> None:
    policy = load_masking(OURS)
    assert policy.conversation == frozenset()
    assert policy.exported == BY_POLICY


def test_what_it_asks_for_is_masked_when_a_message_comes_in(tmp_path: Path) -> None:
    policy = load_masking(changed(tmp_path, "email: keep", "email: mask"))
    masked = kept("mail a@b.nl of bel 06-12345678", Masker(policy.conversation))
    assert masked.text == "mail [email] of bel 06-12345678"
    assert masked.kinds == {Kind.EMAIL}


@pytest.mark.parametrize(
    ("kinds", "en", "nl"),
    [
        (("card",), "your card number unreadable", "je kaartnummer onleesbaar"),
        (("bsn", "card"), "card number and citizen", "kaartnummer en burgerservicenummer"),
        (("code", "bsn", "card"), "number, security code and", "kaartnummer, beveiligingscode en"),
    ],
)
def test_the_customer_is_told_what_it_was(kinds: tuple[str, ...], en: str, nl: str) -> None:
    told = load_masking(OURS).told(kinds)
    assert en in told["en"]
    assert nl in told["nl"]


def test_there_is_a_name_for_every_kind() -> None:
    policy = load_masking(OURS)
    for kind in Kind:
        assert policy.told([kind.value])["nl"]


def test_a_mistake_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(PolicyRefused) as refused:
        load_masking(changed(tmp_path, "iban: keep", "bsn: keep"))
    assert "conversation.bsn is always masked" in str(refused.value)
    assert refused.value.line == 1 + OURS.read_text().splitlines().index("  iban: keep")
