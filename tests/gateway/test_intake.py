"""Text as it comes in: made clean, never changed in meaning, never a command."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helder.brain.channel import disarm
from helder.gateway import intake
from helder.gateway.errors import ApiError
from helder.gateway.intake import clean


@pytest.mark.parametrize(
    "text",
    [
        "👩‍👩‍👧‍👦 waar is mijn 📦?",
        "أين طلبي؟",
        "<script>alert(1)</script>",
        "'; DROP TABLE entry; --",
        "/restart",
        '/inform{"order_number": "HD-204817"}',
        "eerste regel\ntweede regel",
        "naïve café €5",
        "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    ],
)
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("hoi\x00\x07 daar\x1b[31m", "hoi daar[31m"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("ho\u200bi", "hoi"),
        ("\ufeffhoi\u202edlrow", "hoidlrow"),
        ("e\u0301", "é"),
        ("Z" + "\u0335" * 40 + "algo", "Z" + "\u0335" * 4 + "algo"),
        ("  hoi  ", "hoi"),
        ("a\n\n \n\nb", "a\n\nb"),
        ("geheim\U000e0041\U000e0042", "geheim"),
        ("4111 1111 1111 1111", "•••• •••• •••• ••••"),
    ],
)
def test_what_can_only_disguise_or_harm_is_taken_out(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(st.text(max_size=300))
def test_any_text_is_refused_or_clean_and_cleaning_again_changes_nothing(text: str) -> None:
    try:
        cleaned = clean(text)
    except ApiError:
        return
    assert clean(cleaned) == cleaned
    assert cleaned.encode("utf-8")


@given(st.text(alphabet=" /\t\n\u00a0\u3000{}restart", max_size=20))
def test_no_text_reaches_rasa_as_a_command(text: str) -> None:
    assert not disarm(text).strip().startswith("/")


@pytest.mark.parametrize("text", ["1/2 dozijn", "en/of", "wat kost verzending naar NL/BE?"])
def test_a_slash_inside_a_text_stays(text: str) -> None:
    assert disarm(text) == text


def test_an_id_that_was_drawn_with_few_letters_is_no_card_in_disguise() -> None:
    drawn = "41111111-1111-4111-8181-9b2735b06420"
    assert intake.message_id({"id": drawn}) == drawn
    for filled in ("4111a111-1111-1111-1aaa-aaaaaaaaaaaa", "41111111-1111-1111-0000-000000000000"):
        with pytest.raises(ApiError):
            intake.message_id({"id": filled})
