"""What the shop sells is no slip, though no example says it."""

import pytest
from rasa.shared.importers.rasa import RasaFileImporter

from helder.settings import PROJECT
from helder.understanding import spelling
from helder.understanding.speller import words_of


@pytest.fixture(scope="module")
def speller() -> spelling.Speller:
    data = PROJECT / "data"
    trained = RasaFileImporter(
        str(PROJECT / "config.yml"), str(PROJECT / "domain.yml"), [str(data)]
    ).get_nlu_data()
    return spelling.of_examples(words_of(trained))


@pytest.mark.parametrize(
    "written",
    ["waar blijft mijn plaid", "de vaas is stuk", "mijn mok kwam niet", "it came with hermes",
     "een beamer", "geen wifi", "the vases broke"],
)  # fmt: skip
def test_a_word_of_the_shop_stays_what_it_is(speller: spelling.Speller, written: str) -> None:
    assert speller.correct(written) == written


def test_a_slip_in_a_word_of_the_shop_is_undone(speller: spelling.Speller) -> None:
    assert speller.correct("mijn vogelhuijse") == "mijn vogelhuisje"
