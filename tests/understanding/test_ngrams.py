import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from helder.understanding.ngrams import NGrams, character_ngrams, word_ngrams, words_of

TEXTS = ["where is my order", "waar is mijn bestelling", "my order is late, my order!", "a b"]


@pytest.mark.parametrize(
    ("analyse", "settings"),
    [
        (word_ngrams, {"ngram_range": (1, 2), "token_pattern": r"\w+"}),
        (character_ngrams, {"ngram_range": (2, 5), "analyzer": "char_wb"}),
    ],
)
def test_the_numbers_are_those_of_scikit_learn(analyse, settings):
    texts = [" ".join(words_of(text)) for text in TEXTS]
    theirs = TfidfVectorizer(**settings).fit(texts)
    ours = NGrams.fit(analyse, [words_of(text) for text in TEXTS])
    assert ours.vocabulary == list(theirs.get_feature_names_out())
    new = "is my bestelling late"
    expected = theirs.transform([new]).toarray()
    np.testing.assert_allclose(ours.matrix([words_of(new)]).toarray(), expected, atol=1e-6)


def test_a_text_without_known_ngrams_has_no_features():
    assert NGrams.fit(word_ngrams, [["a"]]).weigh(["b"]) == {}
    assert NGrams.fit(word_ngrams, []).matrix([["b"]]).shape == (1, 0)


def test_an_order_number_never_seen_looks_like_those_that_were():
    assert words_of("HD-204817") == words_of("hd-999123") == ["hd", "000000"]


def test_every_ngram_says_which_words_it_came_from():
    words = ["my", "order"]
    assert dict(word_ngrams(words)) == {"my": (0,), "order": (1,), "my order": (0, 1)}
    assert {at for ngram, at in character_ngrams(words) if "rde" in ngram} == {(1,)}


def test_a_megabyte_of_letters_costs_no_more_than_a_message():
    words = words_of("x" * 1_000_000 + " y" * 1_000)
    assert sum(len(word) for word in words) <= 200 * 40


def test_a_word_near_a_not_is_another_word_before_it_and_behind_it() -> None:
    asked = {ngram for ngram, _ in word_ngrams(words_of("don't ever delete this"))}
    gevraagd = {ngram for ngram, _ in word_ngrams(words_of("wis dit gesprek alsjeblieft niet"))}
    assert {"! delete", "! this"} <= asked
    assert "! wis" in gevraagd
    far = dict(word_ngrams(words_of("delete it and then call me but not today")))
    assert "! delete" not in far
    assert far["! today"] == (7, 8)
