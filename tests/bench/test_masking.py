"""Masking is measured rightly: what must go and what must stay, counted apart."""

import json
from io import StringIO

import pytest
from rich.console import Console
from stdnum import ean, iban, luhn
from stdnum.nl import bsn

from bench.masking.figures import MaskingFigures
from bench.masking.judge import Judge
from bench.masking.table import draw
from bench.masking.ways import WAYS
from bench.masking.written import CARDS, HARMLESS, OTHERS, SPLIT, Written, messages

CASES = list(messages(7, 0.12))


@pytest.fixture(scope="module")
def judge():
    judge = Judge()
    for case in CASES:
        judge.look_at(case)
    return judge


def test_all_that_was_asked_is_so_on_other_messages_too(judge):
    figures = MaskingFigures({}, {})
    figures.take(judge)
    missed = [bar for bar in figures.bars() if bar.met is False and "percentile" not in bar.what]
    slips = [slip for kinds in judge.scores.values() for s in kinds.values() for slip in s.slips]
    assert missed == [], slips[:10]


def test_there_are_more_than_twenty_thousand_and_every_kind_in_both_languages():
    assert sum(1 for _ in messages(1)) > 20_000
    there = {(case.kind, case.language) for case in CASES}
    kinds = (CARDS, SPLIT, *OTHERS, *HARMLESS)
    assert there == {(kind, language) for kind in kinds for language in ("en", "nl")}
    assert {case.way for case in CASES if case.kind == CARDS} == {*WAYS, "with date and code"}


def test_the_same_seed_gives_the_same_messages():
    assert list(messages(3, 0.02)) == list(messages(3, 0.02))
    assert list(messages(3, 0.02)) != list(messages(4, 0.02))


def test_the_numbers_pass_their_checks():
    for case in CASES:
        written = "".join(c for c in case.text if c.isalnum()) if len(case.pieces) == 1 else ""
        piece = case.pieces[1] if len(case.pieces) > 1 else ""
        if case.kind == CARDS and case.way == "as digits":
            assert luhn.is_valid(piece)
        if case.kind == "iban":
            iban.validate(piece.replace("-", " ").upper(), check_country=False)
        if case.kind == "bsn" and piece.isascii():
            assert bsn.is_valid("".join(c for c in piece if c.isdigit()))
        if case.kind == "article number":
            assert ean.is_valid("".join(c for c in written if c.isdigit()))


def judged(*pieces, kind=CARDS, before=(), whole=""):
    judge = Judge()
    judge.look_at(Written(kind, "en", "", pieces, before, whole))
    return judge.scores[kind]["en"]


def test_what_was_not_masked_counts_against_recall():
    assert judged("my card is ", "1234 5678", "").recall == 0
    assert judged("my card is ", "4111 1111 1111 1111", "").recall == 1


def test_what_was_masked_beside_it_counts_as_too_much():
    assert judged("4111111111111111 and ", "5500000000000004", "").too_much == 1
    assert judged("HD-204817 and ", "5500000000000004", "").too_much == 0
    assert judged("bsn 111222333", kind="order number").wrong == 1
    assert judged("HD-204817", kind="order number").wrong == 0


def test_of_a_card_over_messages_no_more_may_be_left_than_the_rule_allows():
    whole = "4111111111111111"
    assert judged("", "11111111", "", kind=SPLIT, before=("4111 1111",), whole=whole).recall == 1
    assert (
        judged("HD ", "1111", "", kind=SPLIT, before=("id x411111111111",), whole="4").recall == 0
    )


def test_tables_and_json_say_the_same(judge):
    figures = MaskingFigures({"cores": 2}, {"seed": 7})
    figures.take(judge)
    shown = Console(file=StringIO(), width=120)
    for table in draw(figures):
        shown.print(table)
    text = shown.file.getvalue()
    assert "card over messages" in text
    assert "order number" in text
    content = json.loads(json.dumps(figures.as_json()))
    assert content["scores"]["card"]["nl"]["recall"] == 1
    assert content["cpu_ms"]["p95"] > 0
