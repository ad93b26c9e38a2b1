"""What a customer writes to a colleague, bit by bit, is one message until it is handled."""

from __future__ import annotations

from helder.handoff.going_on import Passed, pass_on
from helder.handoff.messages import LONGEST, Messages


def goes(messages: Messages, text: str, part: str, conversation: str = "a" * 32) -> Passed:
    return pass_on(messages, conversation, text, "nl", "no_ai", part)


def test_it_grows_under_one_reference(messages: Messages) -> None:
    first = goes(messages, "Mijn stoel wiebelt.", "1")
    then = goes(messages, "Mijn nummer is 06 12345678.", "2")
    assert (first.begins, then.begins) == (True, False)
    assert first.reference == then.reference
    opened = messages.read(first.reference)
    assert opened.text == "Mijn stoel wiebelt.\nMijn nummer is 06 12345678."
    assert (opened.about.reason, opened.about.language) == ("no_ai", "nl")
    assert len(messages.waiting()) == 1


def test_the_same_part_is_taken_once_also_after_it_was_handled(messages: Messages) -> None:
    first = goes(messages, "een", "1")
    goes(messages, "twee", "2")
    messages.mark_handled(first.reference)
    assert goes(messages, "twee", "2").reference == first.reference
    assert goes(messages, "een", "1") == first
    assert messages.read(first.reference).text == "een\ntwee"


def test_after_it_was_handled_another_one_begins(messages: Messages) -> None:
    first = goes(messages, "een", "1")
    messages.mark_handled(first.reference)
    second = goes(messages, "twee", "2")
    assert second.begins
    assert second.reference != first.reference
    assert messages.read(second.reference).text == "twee"


def test_one_that_is_full_is_followed_by_another(messages: Messages) -> None:
    first = goes(messages, "x" * (LONGEST - 10), "1")
    second = goes(messages, "y" * 100, "2")
    assert second.reference != first.reference


def test_a_card_number_over_two_parts_is_masked(messages: Messages) -> None:
    reference = goes(messages, "mijn kaart is 4111 1111", "1").reference
    goes(messages, "1111 1111", "2")
    assert "1111 1111" not in messages.read(reference).text.replace("\n", " ")


def test_conversations_do_not_share_a_message(messages: Messages) -> None:
    one, other = goes(messages, "een", "1"), goes(messages, "een", "1", "b" * 32)
    assert one.reference != other.reference
