"""Who is next, by points and then by who came first."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from helder.handoff.factors import Factor, Kind, Promise, Safety
from helder.handoff.order import Waiting, first, order, take
from tests.handoff.queued import NOW, WEIGHTS, waits


def numbers(waiting: list[Waiting]) -> list[int]:
    return [place.waiting.number for place in order(waiting, NOW, WEIGHTS)]


def test_alike_cases_are_taken_in_the_order_in_which_they_came() -> None:
    assert numbers([waits(3, 1), waits(1, 9), waits(2, 5)]) == [1, 2, 3]


def test_a_head_start_is_worth_so_many_minutes_and_no_more() -> None:
    danger = waits(2, 0, safety=Safety.DANGER)
    assert numbers([waits(1, 29.9), danger]) == [2, 1]
    assert numbers([waits(1, 30), danger]) == [1, 2]  # as many points: who came first
    assert numbers([waits(1, 31), danger]) == [1, 2]


def test_each_place_says_what_every_factor_gave() -> None:
    case = waits(1, 2.5, kind=Kind.CONTESTED, promise=Promise.OVERDUE, safety=Safety.VULNERABLE)
    (place,) = order([case], NOW, WEIGHTS)
    assert [(part.factor, part.given, part.sixtieths) for part in place.parts] == [
        (Factor.TIME, 150, 150),
        (Factor.KIND, Kind.CONTESTED, 300),
        (Factor.PROMISE, Promise.OVERDUE, 600),
        (Factor.SAFETY, Safety.VULNERABLE, 600),
    ]
    assert place.sixtieths == 1650


def test_whoever_was_overtaken_enough_goes_before_everybody_who_came_later() -> None:
    held = waits(2, 5, overtaken=WEIGHTS.most)
    danger = waits(3, 1, safety=Safety.DANGER)
    earlier = waits(1, 6)
    found = order([danger, held, earlier], NOW, WEIGHTS)
    assert [place.waiting.number for place in found] == [1, 2, 3]
    assert [place.held for place in found] == [False, True, False]


def test_the_order_foresees_that_overtaking_ends_and_does_not_say_that_it_has() -> None:
    crowd = [waits(n, 1, safety=Safety.DANGER) for n in range(2, 12)]
    assert numbers([waits(1, 2), *crowd]) == [2, 3, 4, 5, 6, 1, 7, 8, 9, 10, 11]
    assert not any(place.held for place in order([waits(1, 2), *crowd], NOW, WEIGHTS))


def test_whoever_lost_their_agent_is_at_the_head_whoever_else_there_is() -> None:
    lost, held = waits(3, 0, promise=Promise.AGENT_LOST), waits(1, 200, overtaken=WEIGHTS.most)
    others = [waits(2, 500), waits(4, 0, safety=Safety.DANGER), held]
    assert numbers([*others, lost])[0] == 3
    assert [each.overtaken for each in take([*others, lost], lost)] == [0, 0, WEIGHTS.most]


def test_of_several_who_lost_their_agent_the_most_points_go_first() -> None:
    lost = [waits(n, 9 - n, promise=Promise.AGENT_LOST) for n in (1, 2)]
    danger = waits(3, 0, promise=Promise.AGENT_LOST, safety=Safety.DANGER)
    assert numbers([waits(4, 99), *lost, danger]) == [3, 1, 2, 4]


def test_the_order_is_that_in_which_they_are_taken_one_by_one() -> None:
    dice = random.Random(7)
    for _ in range(200):
        left = [some(number, dice) for number in range(dice.randrange(1, 15))]
        foreseen = numbers(left)
        for number in foreseen:
            one = first(left, NOW, WEIGHTS)
            assert one.number == number
            left = list(take(left, one))


def some(number: int, dice: random.Random) -> Waiting:
    return waits(
        number,
        dice.randrange(3600) / 60,
        kind=dice.choice(list(Kind)),
        promise=dice.choice(list(Promise)),
        safety=dice.choice(list(Safety)),
        overtaken=dice.randrange(WEIGHTS.most + 1),
    )


def test_the_order_does_not_depend_on_how_the_cases_are_given_or_called() -> None:
    dice = random.Random(3)
    cases = [some(number, dice) for number in range(12)]
    found = numbers(cases)
    for _ in range(20):
        dice.shuffle(cases)
        assert numbers(cases) == found
        assert numbers([replace(each, case=f"{dice.random()}") for each in cases]) == found


def test_the_order_of_two_does_not_change_while_they_wait() -> None:
    dice = random.Random(5)
    for _ in range(300):
        cases = [replace(some(number, dice), overtaken=0) for number in range(2)]
        later = NOW + timedelta(seconds=dice.uniform(0, 90_000))
        assert first(cases, NOW, WEIGHTS) == first(cases, later, WEIGHTS)


def test_a_case_from_the_future_has_just_come() -> None:
    (place,) = order([waits(1, -3)], NOW, WEIGHTS)
    assert place.sixtieths == 0


def test_two_cases_with_one_number_are_an_error() -> None:
    with pytest.raises(ValueError, match="the same number"):
        order([waits(1, 1), waits(1, 2)], NOW, WEIGHTS)


def test_of_nobody_there_is_no_first() -> None:
    assert order([], NOW, WEIGHTS) == ()
    with pytest.raises(ValueError, match="Nobody waits"):
        first([], NOW, WEIGHTS)
