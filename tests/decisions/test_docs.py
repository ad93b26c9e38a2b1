"""docs/policies.md is under test: its policy works, its tables are those of the code."""

from __future__ import annotations

import re
import shlex
import shutil
from datetime import datetime, timezone
from pathlib import Path

import pytest
from typer.testing import CliRunner

from helder.cli import app
from helder.content.refusals import problems
from helder.decisions.conditions import Operator, read_condition
from helder.decisions.evaluate import Case
from helder.decisions.facts import Value
from helder.decisions.policy import Result
from helder.decisions.record import Given
from helder.shop.facts import FACTS
from helder.shop.policy import NEEDED, POLICIES, load_policy
from helder.shop.values import Money

PAGE = (Path(__file__).parents[2] / "docs" / "policies.md").read_text(encoding="utf-8")
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=timezone.utc)
OWN = next(block for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) if "free" in block)


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    folder = tmp_path / "policies"
    shutil.copytree(POLICIES, folder)
    (folder / "return_costs.yml").write_text(OWN, encoding="utf-8")
    return folder


def rows(first: str) -> dict[str, list[str]]:
    """The rows of the tables whose first cell is so, by that cell."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines()]
    return {row[0].strip("`"): row[1:] for row in cells if re.fullmatch(first, row[0])}


@pytest.mark.parametrize(
    ("told", "rule", "fee"),
    [
        ({}, "own_costs", 495),
        ({"return_reason": "damaged"}, "our_mistake", None),
        ({"order_total": Money(7499, "EUR")}, "own_costs", 495),
        ({"order_total": Money(7500, "EUR")}, "large_order", None),
    ],
)
def test_the_policy_of_the_page_decides_as_it_says(
    policies: Path, told: dict[str, Value], rule: str, fee: int | None
) -> None:
    assert list(problems(policies)) == []
    values = {"return_reason": None, "order_total": Money(2000, "EUR")} | told
    given = tuple(Given(name, value, FACTS[name].source) for name, value in values.items())
    decided = load_policy(policies).decide("return_costs", Case("HD-1", "EUR", given), NOW)
    assert (decided.rule, decided.fee.cents if decided.fee else None) == (rule, fee)


def test_the_mistake_of_the_page_is_told_as_it_says(policies: Path) -> None:
    path = policies / "return_costs.yml"
    path.write_text(OWN.replace("at least free_from", "at least freefrom"), encoding="utf-8")
    (found,) = problems(policies)
    assert f"policies/{found[0]}:{found[1]}: {found[2]}" in PAGE


def test_every_fact_is_in_the_table_with_its_type_and_its_source() -> None:
    table = rows(r"`[a-z_]+`")
    for fact in FACTS.values():
        what, source, influenced = table[fact.name]
        assert what.startswith(fact.type.value), fact.name
        assert all(option in what for option in fact.options), fact.name
        assert ("unknown" in what) is fact.may_be_unknown, fact.name
        assert (source, influenced == "yes") == (fact.source.value, fact.influenced), fact.name


def test_every_comparison_is_in_the_table_with_an_example_that_works() -> None:
    told = {name: row for cell, row in rows(r"`(is|has).*").items() for name in cell.split("`, `")}
    assert set(told) - {"is after", "is before"} == {operator.value for operator in Operator}
    for _, example in told.values():
        read_condition(example.strip("`"), FACTS, {})


def test_every_result_is_told() -> None:
    assert all(f"`{result.value}`" in PAGE for result in Result)


@pytest.mark.parametrize("name", NEEDED)
def test_the_command_at_the_top_of_a_policy_works_in_the_shop_of_the_demo(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = (POLICIES / f"{name}.yml").read_text(encoding="utf-8").split("question:")[0]
    (command,) = re.findall(r"helder (decide .+)", head)
    words = shlex.split(command)
    assert words[1] == name
    monkeypatch.setenv("HELDER_VAR", str(tmp_path))
    done = CliRunner().invoke(app, words)
    assert (done.exit_code, done.exception) == (0, None), done.output
    assert "rule" in done.output
