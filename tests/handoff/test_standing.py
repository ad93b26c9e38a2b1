"""Where everybody stands: places as they are now, waits drawn at most every five seconds."""

from __future__ import annotations

import random

from helder.handoff.expected import EVERY, FEWEST, Expected, Unknown
from helder.handoff.line import Colleague
from helder.handoff.priority import load_priority
from helder.handoff.standing import Standings
from helder.handoff.tickets import Outcome
from tests.handoff.house import BOTH, BRAM, POLICIES, House

WORKS = Colleague("anna-id", "Anna", BOTH, capacity=1)


class CountedDice(random.Random):
    """Counts how often something was drawn."""

    drawn = 0

    def choice(self, seq):
        self.drawn += 1
        return super().choice(seq)


def standings(house: House) -> tuple[Standings, CountedDice]:
    dice = CountedDice(1)
    return Standings(
        house.engine, load_priority(POLICIES / "priority.yml"), house.clock, dice
    ), dice


def served(house: House, count: int = FEWEST) -> None:
    """So many conversations were helped, of two minutes each."""
    house.here(WORKS)
    for _ in range(count):
        house.in_line()
        taken = house.claims.take_next(WORKS)
        house.clock.move(minutes=2)
        house.talking.close(taken.conversation, WORKS)
    house.here(WORKS)


def test_a_wait_is_drawn_again_after_five_seconds_and_not_before(house: House) -> None:
    served(house)
    house.claims.claim(house.in_line(), WORKS)
    for _ in range(3):
        house.in_line()
    line, dice = standings(house)
    first = line.all()
    once = dice.drawn
    assert once > 0
    assert all(isinstance(each.wait, Expected) for each in first)
    assert line.all() == first
    house.clock.move(seconds=EVERY.total_seconds() - 1)
    assert [each.wait for each in line.all()] == [each.wait for each in first]
    assert dice.drawn == once
    house.clock.move(seconds=1)
    line.all()
    assert dice.drawn > once


def test_places_are_those_of_now_and_somebody_new_is_told_at_once(house: House) -> None:
    served(house)
    house.claims.claim(house.in_line(), WORKS)
    line, _dice = standings(house)
    first = house.in_line()
    assert [each.ahead for each in line.all()] == [0]
    house.in_line()
    assert [(each.ahead, isinstance(each.wait, Expected)) for each in line.all()] == [
        (0, True),
        (1, True),
    ]
    house.asking.leave(house.log.head(first).position, Outcome.LEFT, "handoff_left")
    assert [each.ahead for each in line.all()] == [0]


def test_that_everybody_went_home_is_told_at_once(house: House) -> None:
    served(house)
    house.claims.claim(house.in_line(), WORKS)
    house.in_line()
    line, _dice = standings(house)
    assert isinstance(line.all()[0].wait, Expected)
    house.presences.gone(WORKS.id)
    assert line.all()[0].wait is Unknown.NOBODY
    house.here(BRAM)
    assert isinstance(line.all()[0].wait, Expected)
