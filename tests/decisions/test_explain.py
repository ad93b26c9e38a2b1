"""What mattered, and what would have changed it: thousands of generated cases, and every other case
of their small worlds walked to see whether it is so."""

from __future__ import annotations

import pytest

from helder.decisions.evaluate import case_of, decide, replay
from helder.decisions.explain import better, counterfactuals, explain, what_mattered
from helder.decisions.facts import Value
from tests.decisions.generate import DOMAINS, FACTS, NOW, Made, cases, made, smallest, step

POLICIES, CASES = 320, 20  # 6,400 cases
SEEDS = [range(start, start + 40) for start in range(0, POLICIES, 40)]
some = pytest.mark.parametrize("seeds", SEEDS, ids=lambda seeds: f"{seeds.start}-{seeds.stop}")


def tried(seeds: range) -> list[tuple[Made, tuple[Value, ...]]]:
    policies = {seed: made(seed) for seed in seeds}
    return [(p, values) for seed, p in policies.items() for values in cases(p, seed, CASES)]


def test_there_are_thousands_of_cases_of_every_kind() -> None:
    results, facts, count = set(), set(), 0
    for seeds in SEEDS:
        for policy, values in tried(seeds):
            count += 1
            facts |= set(policy.facts)
            results.add(policy.row(values)[0])
    assert count >= 5_000
    assert facts == set(DOMAINS)
    assert len(results) >= 8


@some
def test_a_decision_is_what_plain_python_says_and_replays_to_the_byte(seeds: range) -> None:
    for policy, values in tried(seeds):
        decision = policy.decide(values)
        (result, _, _), money = policy.table[values]
        assert (decision.result.value, decision.pays.cents if decision.pays else 0) == (
            result,
            money,
        )
        text = decision.encode()
        assert replay(text, FACTS, lambda _, p=policy: p.version).encode() == text


@some
def test_an_explanation_names_exactly_the_conditions_that_mattered(seeds: range) -> None:
    for policy, values in tried(seeds):
        decision = policy.decide(values)
        outcome = policy.table[values][0]
        told = what_mattered(policy.version, decision, FACTS)
        tests = {written: test for rule in policy.rules for _, written, test in rule[0]}
        literals = [
            (policy.facts.index(each.condition.fact), tests[each.condition.written], each.outcome)
            for each in told
        ]
        assert all(test(values[i]) is held for i, test, held in literals)
        left = [list(range(len(literals)))]
        left += [[j for j in left[0] if j != i] for i in left[0]]
        enough = [
            all(
                reached == outcome
                for other, (reached, _) in policy.table.items()
                if all(literals[j][1](other[literals[j][0]]) is literals[j][2] for j in kept)
            )
            for kept in left
        ]
        assert enough == [True, *[False] * len(literals)], (policy.version.data, values)


@some
def test_a_counterfactual_is_the_smallest_change_that_gives_more(seeds: range) -> None:
    for policy, values in tried(seeds):
        decision = policy.decide(values)
        before = dict(zip(policy.facts, values, strict=True))
        for names in (list(policy.facts), [n for n in policy.facts if FACTS[n].influenced]):
            found = next(counterfactuals(policy.version, decision, FACTS, names), None)
            wanted = smallest(policy, values, names)
            if found is None:
                assert wanted is None, (policy.version.data, values)
                continue
            size = sum(step(before[name], value) for name, value in found.changes)
            assert (len(found.changes), size) == wanted, (policy.version.data, values)


@some
def test_every_change_that_is_told_flips_the_result_and_advice_can_be_followed(
    seeds: range,
) -> None:
    flipped = advised = 0
    for policy, values in tried(seeds):
        decision = policy.decide(values)
        explanation = explain(policy.version, decision, FACTS)
        for each in (explanation.advice, explanation.otherwise):
            if each is None:
                continue
            flipped += 1
            case = case_of(decision).supposing(FACTS, dict(each.changes))
            again = decide(policy.version, case, NOW)
            assert again == each.decision
            assert better(again, decision)
            before = zip(policy.facts, values, strict=True)
            other = tuple(dict(each.changes).get(n, v) for n, v in before)
            assert policy.row(other)[0] != policy.row(values)[0]
        if explanation.advice:
            advised += 1
            assert all(FACTS[name].influenced for name, _ in explanation.advice.changes)
    assert flipped > 100
    assert advised > 20
