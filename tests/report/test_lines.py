"""A file of utterances is read as it is meant, and what is wrong in it is said with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from helder.report.lines import LinesRefused, read

KNOWN = frozenset({"track_order", "thanks"})


def written(folder: Path, content: str, name: str = "mine.tsv") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def test_the_language_is_that_of_the_column_the_name_or_the_words(tmp_path: Path) -> None:
    column = read(written(tmp_path, "where is it\ttrack_order\tnl\n"), KNOWN)
    assert column.inside[0].language == "nl"
    name = read(written(tmp_path, "ok\tthanks\n", "mine.nl.tsv"), KNOWN)
    assert name.inside[0].language == "nl"
    words = read(written(tmp_path, "waar is mijn bestelling\ttrack_order\nok\tthanks\n"), KNOWN)
    assert [line.language for line in words.inside] == ["nl", "nl"]


def test_what_fits_no_intent_is_kept_apart_and_what_is_unknown_is_told(tmp_path: Path) -> None:
    found = read(written(tmp_path, "hi\tthanks\nhow tall is it\toos\nhey\tgreet\n"), KNOWN)
    assert [line.text for line in found.outside] == ["how tall is it"]
    assert found.unknown_told() == (
        "1 line has an intent that the assistant does not have, and is left out: greet (line 3)."
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("hi thanks\n", "line 1: a line is text, a tab, and an intent .*has no tabs"),
        ("hi\tthanks\n\tthanks\n", "line 2: the text is empty"),
        ("hi\tthanks\tde\n", "line 1: the language is en or nl, not 'de'"),
        ("hi\tgreet\n", "has no line with an intent of the assistant's"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(tmp_path: Path, content: str, sentence: str) -> None:
    with pytest.raises(LinesRefused, match=sentence):
        read(written(tmp_path, content), KNOWN)


def test_a_file_that_is_not_utf_8_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    path.write_bytes("hi\tthanks\nhé\tthanks\n".encode("latin-1"))
    with pytest.raises(LinesRefused, match="line 2: this is not UTF-8"):
        read(path, KNOWN)
