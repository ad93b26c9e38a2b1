"""The queue is measured rightly: what it does wrong would be seen."""

import json
from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from rich.console import Console

from bench.queue.figures import GROUPS, QueueFigures, by, load_of, told, waits
from bench.queue.simulate import Came, first_come, simulate
from bench.queue.swaps import swaps
from bench.queue.table import draw
from bench.queue.world import (
    OPEN,
    SERVICE,
    Customer,
    Group,
    all_bilingual,
    draw_days,
    mirrored,
    regrouped,
)
from helder.handoff.able import able, next_for
from helder.handoff.expected import Expected
from helder.handoff.factors import Kind, Promise, Safety
from tests.handoff.queued import PRIORITY

DAYS = list(draw_days(5, 0.9, 2))
PEOPLE = {each.case: each for day in DAYS for each in day.customers}


@pytest.fixture(scope="module")
def seen():
    return simulate(DAYS, PRIORITY, 1)


@pytest.fixture(scope="module")
def figures(seen):
    plain = simulate(DAYS, first_come(PRIORITY), 1, telling=False, recording=False)
    figures = QueueFigures({"cores": 2}, {"seed": 5}, PRIORITY.weights.most)
    figures.lead = PRIORITY.weights.longest_lead
    figures.loads["0.9"] = load_of(seen, plain, 3)
    figures.swaps = swaps(DAYS[:1], PRIORITY, 1)
    return figures


def test_nobody_is_starved_or_overtaken_too_often_and_every_order_replays(figures):
    missed = [bar.what for bar in figures.bars() if bar.met is not True]
    assert [what for what in missed if "waits within" not in what] == []  # two days are few


def test_the_same_seed_gives_the_same_days_and_the_same_outcome(seen):
    assert list(draw_days(5, 0.9, 2)) == DAYS
    assert list(draw_days(6, 0.9, 2)) != DAYS
    again = simulate(DAYS, PRIORITY, 1)
    assert again.digest == seen.digest
    assert again.came == seen.came


def test_everybody_is_helped_once_or_gives_up(seen):
    assert len(seen.came) == len(PEOPLE)
    assert all((came.waited is None) == came.left for came in seen.came)
    assert all(came.waited <= came.customer.patience for came in seen.came if came.waited)
    assert seen.orderings >= sum(came.waited is not None for came in seen.came)


def test_days_have_the_load_that_was_asked():
    days = list(draw_days(1, 0.8, 20))
    asked = sum(each.service for day in days for each in day.customers)
    room = sum((s.ends - s.begins) * s.capacity for day in days for s in day.shifts)
    assert 0.74 < asked / room < 0.88
    services = [each.service for day in days for each in day.customers]
    assert abs(sum(services) / len(services) / SERVICE - 1) < 0.05
    assert all(0 <= each.at < OPEN for day in days for each in day.customers)


@pytest.mark.parametrize(
    "group",
    [
        lambda group: group.name,
        lambda group: group.channel,
        lambda group: group.place,
        lambda group: group.spending,
    ],
)
def test_an_order_by_a_group_is_seen_in_the_swaps(group):
    day = DAYS[0]

    def choose(agent, queue, now, weights):
        mine = [each.waiting for each in queue if able(agent, each)]
        return min(
            mine, key=lambda each: (group(people[each.case].group), each.number), default=None
        )

    def digest_of(some_day):
        people.update({each.case: each for each in some_day.customers})
        return simulate([some_day], PRIORITY, 1, choose, telling=False).digest

    people: dict[str, Customer] = {}
    assert digest_of(day) != digest_of(regrouped(day, 1, language=False))


def test_an_order_by_language_is_seen_in_the_swaps():
    def dutch_first(agent, queue, now, weights):
        mine = [each for each in queue if each.language == "nl"] or list(queue)
        return next_for(agent, mine, now, weights)

    changed = swaps(DAYS[:1], PRIORITY, 1, dutch_first)
    assert changed["English for Dutch, agents too"]
    assert changed["languages too, all agents speak both"]


def test_the_swaps_really_swap():
    day = DAYS[0]
    anew = regrouped(day, 1, language=False)
    assert [each.group for each in anew.customers] != [each.group for each in day.customers]
    assert [replace(each, group=NOBODY) for each in anew.customers] == [
        replace(each, group=NOBODY) for each in day.customers
    ]
    languages = [each.group.language for each in day.customers]
    assert [each.group.language for each in anew.customers] == languages
    assert [each.group.language for each in mirrored(day).customers] == [
        {"en": "nl", "nl": "en"}[each] for each in languages
    ]
    assert mirrored(mirrored(day)) == day
    assert {each.languages for each in all_bilingual(day).shifts} == {frozenset({"en", "nl"})}


def test_last_come_first_served_breaks_the_bound_and_is_seen():
    def last(agent, queue, now, weights):
        mine = [each.waiting for each in queue if able(agent, each)]
        return max(mine, key=lambda each: each.number, default=None)

    unfair = simulate(DAYS, PRIORITY, 1, last, telling=False, recording=False)
    assert max(came.overtaken for came in unfair.came) > PRIORITY.weights.most
    fair = simulate(DAYS, first_come(PRIORITY), 1, telling=False, recording=False)
    assert max(came.overtaken for came in fair.came) == 0


NOBODY = Group("", "en", "web", "", 0)


def came(waited, low, high, patience=9_999.0, day=0, left=False):
    customer = Customer("c", 0, Kind.QUESTION, Promise.NONE, Safety.NONE, "", 60, patience, NOBODY)
    said = Expected(timedelta(seconds=low), timedelta(seconds=high))
    return Came(customer, day, waited, left, said)


def test_a_wait_counts_as_within_only_if_it_was():
    found = told([came(5, 5, 9), came(9, 5, 9), came(4, 5, 9), came(10, 5, 9)])
    assert (found.count, found.within, found.below) == (4, 0.5, 0.25)
    assert told([]) is None


def test_who_gave_up_counts_only_if_they_had_waited_longer_than_they_were_told():
    late, soon = came(None, 5, 9, 20, left=True), came(None, 5, 9, 7, left=True)
    found = told([came(6, 5, 9), late, soon])
    assert (found.count, found.within) == (2, 0.5)


def test_what_is_told_again_is_of_the_rest_of_the_wait():
    first = came(300, 0, 100)
    said = Expected(timedelta(seconds=110), timedelta(seconds=130))
    found = told([replace(first, again=said), first])
    assert (found.within, found.again) == (0, 1)


def test_means_of_days_that_are_alike_have_a_narrow_interval():
    alike = [came(60 * n, 0, 1, day=day) for day in range(10) for n in (1, 2, 3)]
    found = waits(alike, 1)
    assert (found.count, found.mean, found.low, found.high, found.p95) == (30, 2, 2, 2, 3)
    apart = [came(60 * day, 0, 1, day=day) for day in range(10) for _ in range(50)]
    wide = waits(apart, 1)
    assert wide.low < 3.2 < wide.mean == 4.5 < 5.8 < wide.high


def test_waits_are_told_of_every_group(seen):
    assert list(by(seen.came, GROUPS["language"], 1)) == ["en", "nl"]
    assert sum(each.count for each in by(seen.came, GROUPS["name"], 1).values()) == sum(
        came.waited is not None for came in seen.came
    )


def test_tables_and_json_say_the_same(figures):
    shown = Console(file=StringIO(), width=120)
    for table in draw(figures):
        shown.print(table)
    text = shown.file.getvalue()
    content = json.loads(json.dumps(figures.as_json()))
    assert content["swaps"]["English for Dutch, agents too"] is False
    load = content["loads"]["0.9"]
    assert load["starved"] == 0
    assert f"{load['told']['within']:.1%}" in text
    assert "the same to the bit" in text
    assert "name Emma de Vries" in text
