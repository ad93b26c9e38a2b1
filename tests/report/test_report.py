"""The report of a small project, made by real models, and its page in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from helder.refusal import Refusal
from helder.report import project
from helder.report.make import Report, make
from tests.browser.axe import TAGS, _source
from tests.report.houses import EXAMPLES, build

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=timezone.utc)
DATA = """where's my stuff\ttrack_order
when is my money coming\ttrack_refund
ik wil geld terug voor mijn stoel\tget_refund
which planet is the largest\tout_of_scope
?!\ttrack_order
how do I pay\tcheck_payment_methods
"""


@pytest.fixture(scope="module")
def told() -> list[str]:
    return []


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, told: list[str]) -> Report:
    root = build(tmp_path_factory.mktemp("house"))
    data = root / "mine.tsv"
    data.write_text(DATA, encoding="utf-8")
    return make(root, root / "out", data, NOW, told.append)


def test_every_example_is_read_once_in_its_language(made: Report) -> None:
    examples = made.parts[0]
    for each in examples.languages:
        assert each.messages == sum(len(texts) for texts in EXAMPLES[each.language].values())
        outcome = each.outcome
        shares = (outcome.right, outcome.right_asked, outcome.wrong_asked, outcome.wrong)
        assert sum(shares) == pytest.approx(1)
        assert outcome.right + outcome.right_asked == pytest.approx(each.accuracy)
        assert each.between[0] < each.accuracy < each.between[1]


def test_models_that_have_not_seen_them_read_most_of_them_rightly(made: Report) -> None:
    assert all(0.5 < each.accuracy < 1 for each in made.parts[0].languages)


def test_a_message_that_was_misread_has_an_example_on_either_side_of_the_border(
    made: Report,
) -> None:
    pulls = [
        (border, pull)
        for each in made.parts[0].languages
        for border in each.borders
        for pull in border.pulls
    ]
    assert pulls
    for border, pull in pulls:
        assert pull.message.intent == border.intent != border.taken_for == pull.reading.read
        assert pull.own is not None
        assert pull.other is not None
        assert pull.own.example.intent == border.intent
        assert pull.other.example.intent == border.taken_for
        assert pull.own.example != pull.message
        assert re.fullmatch(r"data/nlu/(en|nl)/orders\.yml:\d+", pull.own.example.place)


def test_a_file_is_measured_with_what_fits_nothing_apart(made: Report) -> None:
    part = made.parts[1]
    assert part.title == "mine.tsv"
    assert sum(each.messages for each in part.languages) == 4
    assert part.outside == 1
    assert part.auroc is not None
    assert part.left_out is not None
    assert "check_payment_methods (line 6)" in part.left_out


def test_a_message_without_a_letter_is_asked_back(made: Report) -> None:
    assert sum(each.outcome.asked * each.messages for each in made.parts[1].languages) >= 1


def test_progress_is_told_model_by_model(made: Report, told: list[str]) -> None:
    assert told[0] == "reading 36 examples"
    assert told[1:] == [f"{n} of 6 models trained" for n in range(1, 7)]


def test_the_settings_are_those_of_config_yml(tmp_path: Path) -> None:
    found = project.settings(build(tmp_path))
    assert (found.threshold, found.ambiguity, found.model) == (0.4, 0.05, {"c": 5.0})


def test_too_few_examples_are_refused_with_a_sentence(tmp_path: Path) -> None:
    path = build(tmp_path) / "data" / "nlu" / "en" / "orders.yml"
    path.write_text(
        'version: "3.1"\nnlu:\n- intent: thanks\n  examples: |\n    - ta\n', encoding="utf-8"
    )
    with pytest.raises(Refusal, match="thanks has fewer"):
        make(tmp_path, tmp_path / "out", None, NOW, lambda _: None)


@pytest.fixture(params=["light", "dark"])
def page(browser: Browser, made: Report, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(color_scheme=request.param)
    context.route("http*://**", lambda route: route.abort())
    page = context.new_page()
    page.goto(made.page.as_uri())
    yield page
    context.close()


def violations(page: Page) -> list[str]:
    page.evaluate(_source())
    found = page.evaluate("tags => axe.run('html', {runOnly: {type: 'tag', values: tags}})", TAGS)
    assert "color-contrast" in {rule["id"] for rule in found["passes"]}
    return [
        f"{rule['id']}: {node['html'][:160]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_breaks_no_rule_of_accessibility_and_fits(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_needs_nothing_beside_it(made: Report) -> None:
    page = made.page.read_text(encoding="utf-8")
    assert not re.search(r"<script|<link|<img|@import|url\(|src=", page)
    assert not re.search(r"https?://", page)


def test_every_chart_has_its_figures_in_a_table(page: Page) -> None:
    missing = page.evaluate(
        """() => [...document.querySelectorAll('svg[role=img]')].filter(
            chart => !chart.closest('section').querySelector('table')).length"""
    )
    assert missing == 0


def test_what_customers_wrote_is_text_and_never_markup(tmp_path: Path) -> None:
    root = build(tmp_path)
    path = root / "data" / "nlu" / "en" / "orders.yml"
    text = path.read_text(encoding="utf-8")
    bad = "<script>alert(1)</script> my refund is late"
    path.write_text(text.replace("my refund is late", bad), encoding="utf-8")
    data = root / "mine.tsv"
    data.write_text(f"{bad}\ttrack_order\n", encoding="utf-8")
    made = make(root, root / "out", data, NOW, lambda _: None)
    assert "<script" not in made.page.read_text(encoding="utf-8")
