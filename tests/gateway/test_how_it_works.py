"""The page tells what runs: other rules, another model, another period, and it says so."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
import yaml

from helder.brain.client import Model
from helder.card import Measured, card_of, write_card, write_measured
from helder.settings import PROJECT
from helder.shop.policy import decision_files
from tests.gateway.conftest import Front, start

TRAINED = datetime(2026, 11, 20, 9, 0, tzinfo=timezone.utc)
OWN = """
question: {en: "Can it be wrapped as a gift?", nl: "Kan het als cadeau worden ingepakt?"}
contest: {en: Ask us., nl: Vraag het ons.}
versions:
  - from: 2026-01-01
    rules:
      - name: wrapped
        when: photo is yes
        then: allow
        fee: 2.50
        because: {en: "It is wrapped. You pay {fee}.", nl: "Het is ingepakt. Je betaalt {fee}."}
      - name: not_wrapped
        when: anything else
        then: refuse
        because: {en: It is not., nl: Dat is het niet.}
"""
NAME = "helder-0123456789ab.tar.gz"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what the page is made from."""
    made = tmp_path / "project"
    for name in ("data", "policies", "widget", "actions", "requirements"):
        shutil.copytree(PROJECT / name, made / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("domain.yml", "config.yml"):
        shutil.copy(PROJECT / name, made / name)
    (made / "models").mkdir()
    return made


@pytest.fixture
def house(project: Path, tmp_path: Path) -> Iterator[Front]:
    yield from start(tmp_path / "var", HELDER_PROJECT=str(project))


def page(front: Front, language: str) -> str:
    """What the page says, tags apart."""
    answer = front.client.get("/how-it-works", params={"language": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def test_it_names_the_model_that_answers_and_what_it_was_made_of(
    house: Front, project: Path
) -> None:
    card = card_of(project)
    write_card(card, project / "models" / NAME)
    house.brain.runs = Model(NAME, TRAINED)
    english, dutch = page(house, "en"), page(house, "nl")
    assert "Model helder-0123456789ab Trained on 20 November 2026" in english
    assert "Model helder-0123456789ab Getraind op 20 november 2026" in dutch
    assert f"in English {card.examples['en']:,}" in english
    assert f"in het Nederlands {card.examples['nl']:,}".replace(",", ".") in dutch
    assert f"can recognise {card.intents}" in english
    for topic in card.topics["en"]:
        assert topic in english
    for topic in card.topics["nl"]:
        assert topic in dutch


def test_it_gives_the_figures_only_of_a_measurement_that_fits_this_model(
    house: Front, project: Path
) -> None:
    house.brain.runs = Model(NAME, TRAINED)
    write_card(card_of(project), project / "models" / NAME)
    assert "has not been measured yet. So we give no number" in page(house, "en")
    measured = Measured("2026-11-21", {"en": 1000, "nl": 1000}, {"en": 897, "nl": 831})
    write_measured(project, measured)
    english, dutch = page(house, "en"), page(house, "nl")
    assert "Read rightly in English 89 of 100 Read rightly in Dutch 83 of 100" in english
    assert "measured this on 21 November 2026, with 2,000 example sentences" in english
    assert "Goed gelezen in het Nederlands 83 van de 100" in dutch
    examples = project / "data" / "nlu" / "en" / "orders.yml"
    examples.write_text(examples.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    write_card(card_of(project), project / "models" / NAME)  # a model of other examples
    assert "of 100" not in page(house, "en")


def test_what_is_not_known_is_said_to_be_unknown(house: Front) -> None:
    assert "does not answer just now" in page(house, "en")
    house.brain.runs = Model("helder-of-another-machine.tar.gz", TRAINED)
    english = page(house, "en")
    assert "was not written down. So we give no numbers" in english
    assert "helder-of-another-machine" in english
    assert "of 100" not in english


def test_it_tells_the_rules_and_periods_as_they_are_written_now(
    house: Front, project: Path, tmp_path: Path
) -> None:
    english, dutch = page(house, "en"), page(house, "nl")
    assert "until 30 days after delivery" in english
    assert (
        "The state of the order is “packed”. No. The order has been packed, and from then on we "
        "can no longer stop it."
    ) in english
    assert "De status van de bestelling is “ingepakt”. Nee." in dutch
    assert "only “made to measure” or “gift cards”. No. We do not take this kind" in english
    assert "“op maat gemaakt” of “cadeaubonnen”. Nee. Dit soort artikelen nemen we" in dutch
    assert "until 30 minutes after your last message" in english
    assert "tot 30 minuten na je laatste bericht" in dutch
    assert "if you agree to have it kept until 90 days after your last message" in english
    assert "het goedvindt dat we het bewaren tot 90 dagen na je laatste bericht" in dutch
    for language, told in (("en", english), ("nl", dutch)):
        for purpose in house.gateway.consents.purposes.all.values():
            words = purpose.said(language)
            assert f"{words.question} {' '.join(words.without.split())}" in told
            assert not re.search(r"\b(for that|daarvoor)\b", words.question)
        assert house.gateway.consents.purposes.withdrawal[language] in told
    assert "2026" in english
    change(project / "policies" / "returns.yml", "window_days: 30", "window_days: 45")
    packed = "order_state is packed\n        then: "
    change(project / "policies" / "cancellation.yml", f"{packed}refuse", f"{packed}allow")
    change(project / "policies" / "retention.yml", "last_message: 30", "last_message: 20")
    change(project / "policies" / "retention.yml", "with_consent: 90", "with_consent: 60")
    for again in start(tmp_path / "again", HELDER_PROJECT=str(project)):
        english = page(again, "en")
        assert "until 45 days after delivery" in english
        assert "The state of the order is “packed”. Yes. The order has been packed" in english
        assert "until 20 minutes after your last message" in english
        assert "until 60 days after your last message" in english


def test_every_policy_that_decides_is_on_the_page_with_all_its_rules(
    project: Path, tmp_path: Path
) -> None:
    folder = project / "policies"
    (folder / "wrapping.yml").write_text(OWN, encoding="utf-8")
    (folder / "later.yml").write_text(OWN.replace("2026-01-01", "2099-01-01"), encoding="utf-8")
    names = [n for n in decision_files(folder) if n != "later"]
    assert {"returns", "goodwill", "exchange", "wrapping"} <= set(names)
    for front in start(tmp_path / "own", HELDER_PROJECT=str(project)):
        for language in ("en", "nl"):
            answer = front.client.get("/how-it-works", params={"language": language}).text
            told = {
                html.unescape(question): rules.count("<li>")
                for question, rules in re.findall(
                    r"<summary>(.*?)</summary>(.*?)</details>", answer, re.DOTALL
                )
            }
            wanted = {}
            for name in names:
                data = yaml.safe_load((folder / f"{name}.yml").read_text(encoding="utf-8"))
                wanted[data["question"][language]] = len(data["versions"][-1]["rules"])
            assert told == wanted
        assert "There is a photo of the damage. Yes. It costs €2.50. It is wrapped." in page(
            front, "en"
        )
        assert "Er is een foto van de schade. Ja. Het kost € 2,50. Het is ingepakt." in page(
            front, "nl"
        )


def test_a_shop_with_a_system_of_its_own_decides_itself(project: Path, tmp_path: Path) -> None:
    more = {"HELDER_SHOP_API": "https://shop.example/api", "HELDER_SHOP_API_KEY": "k" * 40}
    for front in start(tmp_path / "own", HELDER_PROJECT=str(project), **more):
        assert "The shop's own system decides" in page(front, "en")
        assert "Het systeem van de winkel zelf beslist" in page(front, "nl")


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
