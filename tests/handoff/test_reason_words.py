"""policies/reasons.yml: a sentence for everybody, for every reason, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from helder.handoff.reason_words import ReasonsError, load_reason_words
from helder.handoff.reasons import Reason

SHIPPED = Path(__file__).resolve().parents[2] / "policies" / "reasons.yml"


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_a_sentence_for_each_in_each_language(reason: Reason) -> None:
    words = load_reason_words(SHIPPED)
    readers = (words.customer, words.colleague)
    said = {told(reason, language) for told in readers for language in ("en", "nl")}
    assert len(said) == 4
    assert all(each.endswith(".") for each in said)


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        ("asked:", "wanted:", 1, "The reason asked is missing."),
        ("asked:", "wanted:", 4, "wanted is no reason; see helder/handoff/reasons.py."),
        ("  customer:\n", "  client:\n", 4, "asked lacks customer."),
        ("    nl: Je vroeg om een mens.\n", "", 5, "asked, customer lacks nl."),
        (
            "    en: You asked for a person.",
            "    en:",
            6,
            "asked, customer has no sentence in English.",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, sentence: str
) -> None:
    path = tmp_path / "reasons.yml"
    path.write_text(SHIPPED.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(ReasonsError) as refused:
        load_reason_words(path)
    assert (line, sentence) in refused.value.problems


@pytest.mark.parametrize("text", ["", "- a", "a: ["])
def test_a_file_that_is_no_list_of_reasons_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "reasons.yml"
    path.write_text(text, "utf-8")
    with pytest.raises(ReasonsError):
        load_reason_words(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReasonsError):
        load_reason_words(tmp_path / "reasons.yml")
