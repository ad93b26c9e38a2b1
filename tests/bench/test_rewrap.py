"""What measures the wrapping of keys: the command is watched, killed, and told of in a table."""

from __future__ import annotations

from contextlib import closing

import pytest
from rich.console import Console

from bench.failure import BenchFailed
from bench.many import TURNS, Many, hurried
from bench.numbers import Spread
from bench.ours import Ours
from bench.rewrap.__main__ import draw
from bench.rewrap.command import Command, Watched
from bench.rewrap.run import RewrapFigures
from helder.conversation.inbox import Inbox
from helder.conversation.log import ConversationLog
from helder.installation import anchor_of, keyring_of


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Ours:
    folder = tmp_path_factory.mktemp("bench")
    return Ours.in_folder(folder / "helder", folder / "logs")


def test_what_is_made_in_a_hurry_is_whole(ours: Ours) -> None:
    engine, keyring = hurried(ours.settings.database_url), keyring_of(ours.settings)
    with closing(anchor_of(ours.settings)) as anchor:
        many = Many(engine, keyring, anchor)
        made = list(many.conversations(41))
        log, inbox = ConversationLog(engine, keyring, anchor=anchor), Inbox(engine, keyring, anchor)
        assert len(set(made)) == 41
        assert {len(log.history(each)) for each in made} == {1 + TURNS}
        assert sum(len(inbox.pending(each)) for each in made) == 3
        assert len(set(many.left_messages(4))) == 4
    engine.dispose()


def test_the_command_is_watched_in_a_terminal(ours: Ours) -> None:
    found = Command(ours).watched("keys", "verify")
    assert 0 < found.memory[100] <= found.peak < 500
    assert found.seconds > 0


def test_the_command_is_killed(ours: Ours) -> None:
    assert Command(ours).killed_after(0.0, "keys", "verify")
    assert not Command(ours).killed_after(60, "keys", "verify")


def test_a_command_that_fails_ends_the_measurement_with_its_sentence(ours: Ours) -> None:
    with pytest.raises(BenchFailed, match="no master key of version 7"):
        Command(ours).run("keys", "retire", "7")
    with pytest.raises(BenchFailed, match="no master key of version 7"):
        Command(ours).watched("keys", "retire", "7")


def test_the_table_tells_all(capsys: pytest.CaptureFixture[str]) -> None:
    watched = Watched(20, {10: 60.0, 50: 61.0, 100: 62.0}, 63)
    figures = RewrapFigures(1000, 25, watched, watched, watched, Spread(10, 20), None, 321, 0, 7)
    Console(width=100).print(draw(figures))
    shown = capsys.readouterr().out
    for part in ("1,000 conversations", "20.0", "50", "61", "10 (20) ms", "321", "25", "7"):
        assert part in shown
