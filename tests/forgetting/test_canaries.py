"""Thousands of secrets are told in every way while everything breaks; none is found anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from helder.conversation.entries import ConversationId
from helder.conversation.rollback import DatabaseOlder
from helder.preparation import prepare
from helder.supervisor import Stack, helder_processes
from tests.forgetting import channels, failures
from tests.forgetting.house import BACKUPS, House, in_memory
from tests.forgetting.hunt import MODELS, PACE, Hunt, cores, hunting, wait_until
from tests.forgetting.search import Needles

pytestmark = pytest.mark.timeout(900)

TOLD_AND_BROKEN = (
    channels.conversations,
    channels.forms,
    channels.identities,
    channels.bad_requests,
    channels.rasa_itself,
    channels.desk,
    failures.in_every_process,
    failures.at_the_desk,
    failures.database_locked,
    failures.killed,
    channels.commands,
)


@pytest.fixture(scope="module")
def hunt() -> Iterator[Hunt]:
    """Everything was told, everything has broken, and the processes still run."""
    with in_memory() as folder, hunting(folder, seed=20_261_122) as under_way:
        for step in TOLD_AND_BROKEN:
            step(under_way)
        yield under_way


@dataclass
class Shredded:
    """The same house when all of it is over: half on request, half in time."""

    hunt: Hunt
    house: House
    before: list[Path]
    conversations: int
    messages: int
    tokens: dict[str, str]
    sealed: list[bytes] = field(default_factory=list)

    def found(self, *paths: Path) -> dict[str, set[str]]:
        """Stored bytes of what was destroyed."""
        return Needles((each.hex(), each) for each in self.sealed).found_under(paths)

    def database(self) -> list[Path]:
        """The files of the database and the anchor."""
        var = self.hunt.settings.var
        return [*var.glob("helder.db*"), *var.glob("anchor.db*")]


@pytest.fixture(scope="module")
def shredded(hunt: Hunt) -> Iterator[Shredded]:
    """Half is destroyed on request while the processes run; then they stop, and time passes."""
    house = House(hunt.settings)
    (hunt.folder / "backups").mkdir()
    names = sorted(house.names())
    references = [each.reference for each in house.messages.waiting()]
    before = [hunt.folder / "backups" / f"before, {each.__name__}.db" for each in BACKUPS]
    for backup, path in zip(BACKUPS, before, strict=True):
        backup(house.file, path)
    tokens = dict(hunt.conversations)
    result = Shredded(hunt, house, before, len(names), len(references), tokens)
    result.sealed += house.sealed(names)
    for reference in references:
        result.sealed += house.sealed_message(reference)
    for name in names[::2]:
        assert house.shredder.shred(ConversationId(name), "request")
    for reference in references[::2]:
        assert house.message_shredder.shred(reference, "request")
    yield result
    house.close()


@pytest.fixture(scope="module")
def over(shredded: Shredded) -> Shredded:
    """Everything is over, and it has been forgotten."""
    shredded.hunt.stack.stop()
    house = shredded.house
    house.clock.now = house.clock.now.replace(year=house.clock.now.year + 1)
    assert house.forgetting.once()
    for backup in BACKUPS:
        backup(house.file, shredded.hunt.folder / "backups" / f"after, {backup.__name__}.db")
    return shredded


def test_thousands_of_secrets_were_told_and_not_one_is_found(hunt: Hunt) -> None:
    assert hunt.count > 2_500
    needles = hunt.needles()
    assert len(needles.names()) > hunt.count
    assert needles.found_under([*hunt.places(), *MODELS]) == {}


def test_they_were_really_told(hunt: Hunt) -> None:
    # What the customers said is in the sealed log; that it can be read there shows that the search
    # looked for what was said.
    said = Needles(
        (canary.text, canary.text.encode())
        for channel in ("message", "left message", "order proof")
        for canary in hunt.told[channel]
        if not canary.masked and len(canary.text) >= 8
    )
    opened = "\n".join(hunt.sealed_log().values()).encode()
    # (A number beside a BSN is sometimes masked with it.)
    assert len(said.found_in(opened)) > 0.97 * len(said.names()) > 1_000


def test_cards_and_citizen_numbers_are_not_even_in_the_sealed_log(hunt: Hunt) -> None:
    masked = Needles(
        (f"{channel}: {needle}", needle.encode())
        for channel, canaries in hunt.told.items()
        for canary in canaries
        for needle in canary.needles
        if canary.masked
    )
    opened = "\n".join(hunt.sealed_log().values()).encode()
    assert len(masked) > 500
    assert masked.found_in(opened) == set()


def test_every_failure_really_happened(hunt: Hunt) -> None:
    happened = {path.name.rpartition("-")[0] for path in (hunt.folder / "sabotage").iterdir()}
    assert {f"{where}-{kind}" for where, kind in failures.planned()} <= happened
    logs = hunt.settings.var / "log"
    text = "\n".join(path.read_text() for path in logs.glob("*.log"))
    for sign in ("Fatal Python error: Aborted", "Segmentation fault", "uncaught_exception"):
        assert sign in text
    for sign in ("python_warning", "RecursionError", "sqlite3.OperationalError", "foreign"):
        assert sign in text
    ended = [line for line in hunt.printed if "ended (signal" in line]
    assert {line.split()[1] for line in ended} == {"actions", "desk", "gateway", "rasa"}


def test_no_process_wrote_to_any_other_file_or_left_its_memory(hunt: Hunt) -> None:
    lists = (hunt.folder / "sabotage").glob("written.*")
    written = {Path(line) for each in lists for line in each.read_text().splitlines()}
    folders = [hunt.folder / name for name in ("tmp", "home", "sabotage")]
    allowed = (Path("/dev/null"), hunt.settings.var, *folders)
    assert [path for path in written if not any(path.is_relative_to(a) for a in allowed)] == []
    assert any(path.is_relative_to(hunt.folder / "tmp") for path in written)  # so they are listed
    assert cores() == []
    assert {path.name for path in hunt.settings.var.iterdir()} <= {
        *(
            f"{name}.db{end}"
            for name in ("helder", "anchor", "shop")
            for end in ("", "-wal", "-shm")
        ),
        *("keys", "log", "policies", "run.pid"),
    }


def test_what_was_destroyed_on_request_is_in_no_file_while_the_processes_run(
    shredded: Shredded,
) -> None:
    house = shredded.house
    assert house.forgetting.once()
    kept = set(house.sealed(house.names()))
    for each in house.messages.waiting():
        kept |= set(house.sealed_message(each.reference))
    gone = [each for each in shredded.sealed if each not in kept]
    assert len(gone) > 120
    assert Needles((each.hex(), each) for each in gone).found_under(shredded.database()) == {}
    assert Needles((each.hex(), each) for each in kept).found_under(shredded.database()) != {}


def test_a_customer_whose_conversation_was_destroyed_is_told_that_there_is_none(
    shredded: Shredded,
) -> None:
    hunt, names = shredded.hunt, shredded.house.names()
    with hunt.client() as client:
        answers = {
            name: client.get(
                f"/api/conversations/{name}/messages", headers={"Authorization": f"Bearer {token}"}
            ).status_code
            for name, token in hunt.conversations.items()
        }
    assert {name for name, status in answers.items() if status == 200} == names & set(answers)
    assert set(answers.values()) == {200, 401}


def test_when_all_is_over_nothing_of_it_is_in_any_file_or_later_backup(over: Shredded) -> None:
    hunt = over.hunt
    assert over.house.names() == set()
    assert over.house.messages.waiting() == ()
    backups = hunt.folder / "backups"
    later = list(backups.glob("after*"))
    assert len(later) >= len(BACKUPS)
    assert over.found(*over.database(), *later, *hunt.places()) == {}
    for earlier in over.before:
        assert len(over.found(earlier)[str(earlier)]) > 0.9 * len(set(over.sealed))
    assert hunt.needles().found_under([*hunt.places(), backups]) == {}


@pytest.mark.parametrize("number", range(len(BACKUPS)))
def test_a_backup_from_before_is_put_back_and_brings_nobody_back(
    over: Shredded, number: int
) -> None:
    hunt, house = over.hunt, over.house
    house.restore(over.before[number])
    back = hunt.command("log", "restored", "--yes")
    told = f"destroyed {over.conversations} conversations and {over.messages} left messages"
    assert told in back.stdout
    said: list[str] = []
    prepare(hunt.settings, said.append)
    gateway = [each for each in helder_processes(hunt.settings) if each.name == "gateway"]
    with Stack(hunt.settings, tuple(gateway), say=said.append, pace=PACE), hunt.client() as client:
        for name, token in over.tokens.items():
            headers = {"Authorization": f"Bearer {token}"}
            answer = client.get(f"/api/conversations/{name}/messages", headers=headers)
            assert answer.status_code == 401
        begun = hunt.open(client)
    house.open()
    assert over.found(*over.database()) == {}
    assert house.names() == {begun}
    assert house.messages.waiting() == ()
    house.close()
    # What was begun since is missing in a backup that nobody spoke of, and that is noticed.
    house.restore(over.before[number])
    with pytest.raises(DatabaseOlder):
        prepare(hunt.settings, said.append)


def test_without_its_protections_the_same_hunt_finds_what_was_said() -> None:
    before = set(cores())
    with in_memory() as folder, hunting(folder, 1, only="gateway", unprotected=True) as hunt:
        with hunt.client() as client:
            for number, kind in enumerate(("log", "raise", "abort")):
                text = f"boem-gateway-{kind}-{number} {hunt.words(kind, 9)}"
                hunt.send(client, hunt.open(client), text=text)
                wait_until((folder / "sabotage" / f"gateway-{kind}-{number}").exists, "all is well")
        wait_until(lambda: any("signal 6" in line for line in hunt.printed), "it lives")
        dumped = set(cores()) - before
        found = hunt.needles().found_under([hunt.settings.var / "log", *dumped])
        for core in dumped:
            core.unlink()
    assert any(where.endswith("gateway.log") for where in found)
    assert {str(core) for core in dumped} <= set(found)
