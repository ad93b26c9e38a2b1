"""The short guide: read before the first conversation, recorded, and again when it changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from helder.audit.acts import Act
from helder.conversation.entries import Owner
from helder.desk.guide import version
from helder.desk.texts import Texts
from tests.handoff.house import POLICIES

from .conftest import Hired, House
from .test_line import Desk, Street
from .test_line import at_desk as at_desk
from .test_line import street as street
from .test_recorded import audit
from .visitor import Visitor


@pytest.fixture
def new(house: House) -> Hired:
    """Somebody who has not read it; who may step in, too."""
    return house.hire("nora", "supervisor", reads=False)


def shown(visitor: Visitor) -> dict[str, str]:
    """What the form on the page gives."""
    return {
        "token": visitor.token("/guide"),
        "version": version(Texts(POLICIES / "desk.yml")),
    }


def test_who_has_not_read_it_is_led_to_it_and_takes_nobody(
    street: Street, at_desk: Callable[..., Desk], new: Hired
) -> None:
    nora, waiting = at_desk(new), street.in_line("hello")
    answer = nora.visitor.get("/queue")
    assert (answer.status_code, answer.headers["location"]) == (303, "/guide")
    here = f"/conversations/{waiting}"
    assert nora.refused("/queue/next") == (409, "read_guide")
    assert nora.refused(f"{here}/claim", why="urgent") == (409, "read_guide")
    assert nora.refused(f"{here}/step-in") == (409, "read_guide")
    assert nora.refused(f"{here}/reopen") == (409, "read_guide")
    assert street.owner(waiting) is Owner.WAITING


def test_who_has_read_it_takes_conversations_and_it_is_recorded(
    street: Street, at_desk: Callable[..., Desk], house: House, new: Hired
) -> None:
    nora, waiting = at_desk(new), street.in_line("hello")
    answer = nora.visitor.post("/guide/read", shown(nora.visitor))
    assert answer.headers["location"] == "/queue"
    assert nora.visitor.get("/queue").status_code == 200
    nora.done("/queue/next")
    assert street.owner(waiting) is Owner.EMPLOYEE
    _claimed, read = audit(house).entries()
    assert (read.act, read.actor, read.subject) == (Act.ACCOUNT, new.id, new.id)
    assert read.detail == {
        "change": "read_guide",
        "version": house.employees.of(new.id).account.taught,
    }
    assert house.employees.of(new.id).account.taught_at == int(house.clock().timestamp()) // 60
    assert "You have read this." in nora.visitor.get("/guide").text


def test_other_words_than_these_were_not_read(visitor: Visitor, house: House, new: Hired) -> None:
    visitor.sign_in(house.session(new.id))
    answer = visitor.post("/guide/read", {**shown(visitor), "version": "of yesterday"})
    assert answer.status_code == 409
    assert house.employees.of(new.id).account.taught == ""


def test_a_changed_word_in_either_language_makes_another_version(tmp_path: Path) -> None:
    path, written = tmp_path / "desk.yml", (POLICIES / "desk.yml").read_text(encoding="utf-8")
    versions = set()
    for words in (
        written,
        written.replace("It cannot make an exception.", "It can make no exception."),
        written.replace("Hij kan geen uitzondering maken.", "Uitzonderingen kan hij niet maken."),
    ):
        path.write_text(words, encoding="utf-8")
        versions.add(version(Texts(path)))
    assert len(versions) == 3


def test_only_who_takes_conversations_reads_it(visitor: Visitor, house: House) -> None:
    visitor.sign_in(house.session(house.hire("petra", "privacy_officer").id))
    assert visitor.get("/guide").status_code == 403
    assert 'href="/guide"' not in visitor.get("/account").text


def test_it_is_there_in_dutch(visitor: Visitor, house: House, new: Hired) -> None:
    visitor.sign_in(house.session(new.id))
    page = visitor.get("/guide?language=nl").text
    assert "Werken met de assistent" in page
    assert "Ik heb dit gelezen" in page


def test_the_whole_of_it_is_at_the_desk_without_ways_to_what_is_not(
    visitor: Visitor, house: House, new: Hired
) -> None:
    visitor.sign_in(house.session(new.id))
    assert "/guide/whole" in visitor.get("/guide").text
    page = visitor.get("/guide/whole").text
    whole = page.partition('<div lang="en">')[2].partition("</article>")[0]
    assert "<h1>Working at the desk</h1>" in whole
    assert "<td><code>agent</code></td>" in whole
    assert "written policy" in whole
    assert "href" not in whole
    assert "style=" not in whole
