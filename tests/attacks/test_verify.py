"""To look at everything finds each of the attacks, and nothing where there is none."""

from __future__ import annotations

from random import Random

import pytest

from helder.conversation.verify import Verifier
from helder.conversation.wrappings import Damaged
from helder.handoff.messages import damaged_messages
from tests.attacks.catalogue import load
from tests.attacks.judge import PREVENTED
from tests.attacks.scene import Scene

SEEDS = 6


def ignore(_more: int) -> None:
    """Nobody watches."""


def found(scene: Scene) -> list[Damaged]:
    verifier = Verifier(scene.engine, scene.keyring, scene.anchor)
    messages = damaged_messages(scene.engine, scene.keyring, ignore)
    parts = (verifier.missing(), verifier.strays(), verifier.erasures(), messages)
    return [*verifier.conversations(ignore), *(each for part in parts for each in part)]


@pytest.mark.parametrize("attack", load())
def test_it_is_found_when(attack: str, scene: Scene) -> None:
    scene.restore()
    assert found(scene) == []
    played = 0
    for seed in range(SEEDS):
        stored = scene.now.copy()
        load()[attack](scene, stored, Random(f"{attack} {seed}"))
        try:
            scene.attacker.write(stored)
        except PREVENTED:
            continue
        if scene.attacker.read() == scene.now:
            continue
        played += 1
        assert found(scene) != [], f"seed {seed}"
        assert scene.bystander not in {each.id for each in found(scene)} or "whole" in attack
        scene.restore()
    assert played


@pytest.mark.parametrize("attack", ["an_entry_is_left_out", "the_conversation_is_removed"])
def test_what_is_found_is_locked_and_named_again_the_next_time(attack: str, scene: Scene) -> None:
    scene.restore()
    stored = scene.now.copy()
    load()[attack](scene, stored, Random(1))
    scene.attacker.write(stored)
    first = found(scene)
    assert [conversation for conversation, _ in scene.anchor.locks()] == [scene.victim]
    assert {each.id for each in first} >= {scene.victim}
    assert found(scene) == first
    scene.restore()
