"""The audit's page: what was recorded, found by who, what, about what and when."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from helder.audit.acts import SYSTEM, Act
from helder.desk.audited import PER_PAGE

from .conftest import House
from .test_recorded import audit, break_audit, recorded
from .visitor import Visitor


@pytest.fixture
def officer(come: Callable[..., Visitor], house: House) -> Visitor:
    return come().sign_in(house.session(house.hire("petra", "privacy_officer").id))


def rows(page: str) -> list[str]:
    """What stands in each row, newest first, without the marks."""
    found = re.findall(r"<tr role=\"row\">(.*?)</tr>", page.split("<tbody")[-1], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in found]


def test_every_entry_names_who_what_about_what_and_when(officer: Visitor, house: House) -> None:
    anna = house.hire("anna")
    audit(house).record(Act.CLAIM, anna.id, "c" * 32, turn="out", ordering="x" * 5_000)
    audit(house).record(Act.ACCOUNT, SYSTEM, anna.id, change="reset")
    looked, changed, claimed = rows(officer.get("/audit").text)
    assert "Petra Looked Audit" in looked
    assert "Helder or the command line Account changed Anna change: reset" in changed
    assert f"Anna Took a conversation {'c' * 32} turn: out" in claimed
    assert len(claimed) < 200


def test_in_dutch_too(officer: Visitor) -> None:
    page = officer.get("/audit?language=nl").text
    assert "<h1>Logboek</h1>" in page
    assert "Petra Bekeken Logboek" in rows(page)[0]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("act=unmask", {"unmask by anna", "unmask by bram"}),
        ("actor={bram}", {"unmask by bram", "sign in by bram"}),
        ("subject=" + "d" * 32, {"unmask by bram"}),
        ("from=2026-11-21", {"sign in by bram"}),
        ("to=2026-11-20", {"unmask by anna", "unmask by bram"}),
        ("act=unmask&actor={bram}&from=2026-11-20&to=2026-11-20", {"unmask by bram"}),
        ("act=export", set()),
    ],
)
def test_a_filter_leaves_what_it_asks_for(
    officer: Visitor, house: House, asked: str, expected: set[str]
) -> None:
    anna, bram = house.hire("anna"), house.hire("bram")
    audit(house).record(Act.UNMASK, anna.id, "c" * 32, said="unmask by anna")
    audit(house).record(Act.UNMASK, bram.id, "d" * 32, said="unmask by bram")
    house.clock.move(hours=10)  # past midnight in Amsterdam
    audit(house).record(Act.SIGN_IN, bram.id, said="sign in by bram")
    officer.sign_in(house.session(house.employees.called("petra").id))
    shown = rows(officer.get("/audit?" + asked.format(bram=bram.id)).text)
    told = {each.split("said: ")[1] for each in shown if "said: " in each}
    assert told == expected


def test_older_entries_are_a_page_further_and_none_is_left_out(
    officer: Visitor, house: House
) -> None:
    for number in range(PER_PAGE + 5):
        audit(house).record(Act.SEARCH, SYSTEM, f"number {number}")
    page = officer.get("/audit?act=search").text
    (older,) = re.findall(r'rel="next" href="([^"]+)"', page)
    second = officer.get(older.replace("&amp;", "&")).text
    assert len(rows(page)) == PER_PAGE
    assert len(rows(second)) == 5
    assert 'rel="next"' not in second
    found = re.findall(r"number \d+", " ".join([*rows(page), *rows(second)]))
    assert found == [f"number {each}" for each in reversed(range(PER_PAGE + 5))]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("act=dance", "We do not know that filter"),
        ("before=-1", "We do not know that filter"),
        ("before=9" + "9" * 30, "We do not know that filter"),
        ("from=yesterday", "That is not a day"),
        ("to=9999-12-31", "That is not a day"),
        ("from=0001-01-01", "That is not a day"),
        ("from=2026-11-20&to=2026-11-19", "The last day is before the first"),
        ("subject=" + "x" * 65, "That is not a number or reference"),
        ("subject=Anna+Jansen", "That is not a number or reference"),
        ("actor=Anna+Jansen", "That is not a number or reference"),
    ],
)
def test_a_filter_that_cannot_be_read_is_said_and_stays_in_the_form(
    officer: Visitor, asked: str, said: str
) -> None:
    answer = officer.get(f"/audit?{asked}")
    assert answer.status_code == 400
    assert said in answer.text
    assert rows(answer.text) == []


def test_what_is_typed_is_never_a_part_of_the_page(officer: Visitor) -> None:
    page = officer.get("/audit?subject=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").text
    assert "<script>alert" not in page


def test_looking_is_recorded_with_what_was_asked_for(officer: Visitor, house: House) -> None:
    petra = house.employees.called("petra").id
    officer.get("/audit?act=claim&subject=abc")
    assert recorded(house) == [(Act.VIEW, petra, "audit")]
    assert audit(house).entries()[0].detail == {"of_act": "claim", "of_subject": "abc"}


def test_a_damaged_audit_is_not_shown_and_that_is_said(officer: Visitor, house: House) -> None:
    audit(house).record(Act.SEARCH, SYSTEM, "something")
    break_audit(house)
    answer = officer.get("/audit")
    assert answer.status_code == 500
    assert "The audit is not what was written" in answer.text
    assert "something" not in answer.text


def test_only_a_privacy_officer_finds_the_way_to_it(agent: Visitor, officer: Visitor) -> None:
    assert 'href="/audit"' in officer.get("/account").text
    assert 'href="/audit"' not in agent.get("/account").text
    assert agent.get("/audit").status_code == 403
