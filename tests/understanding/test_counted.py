"""The words that counted: of thousands of messages some are taken away and the rest read again."""

from __future__ import annotations

import random
import tarfile
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest

from helder import model as models
from helder.content.sources import bare, read
from helder.settings import PROJECT
from helder.understanding import universal
from helder.understanding.counted import MOST, Counted, counted, shares_of_ngrams
from helder.understanding.hybrid import HybridModel, train
from helder.understanding.hybrid_store import load_model
from helder.understanding.ngrams import words_of

# Greetings, reasons and small words around what was asked, so that most words do not count.
AROUND = {
    "en": ["hi, {}", "{} please", "hello there, {}", "could you tell me, {}", "{} thanks a lot"],
    "nl": [
        "hoi, {}",
        "{} alsjeblieft",
        "goedemorgen, {}",
        "kun je mij helpen, {}",
        "{} alvast dank",
    ],
}
ROUNDED = 1e-3  # of two readings of one text, among others
PARTS, EACH = 24, 100  # 2,400 messages
ONE, SEVERAL = 0.97, 0.9  # of messages: as often the words that are named do more than others


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> HybridModel:
    """The model that customers are served with; a new one if none fits."""
    path = models.fitting_model(PROJECT)
    if path is None:
        examples = [(bare(text), intent) for _, intent, text in read(PROJECT).examples]
        texts = [text for text, _ in examples]
        return train(texts, universal.encode(texts), [intent for _, intent in examples])
    folder = tmp_path_factory.mktemp("model")
    with tarfile.open(path) as archive:
        archive.extractall(folder, filter="data")
    [own] = [each for each in folder.rglob("*HybridClassifier*") if each.is_dir()]
    loaded = load_model(own)
    assert loaded is not None
    return loaded


def ranked(model: HybridModel, texts: Sequence[str]) -> list[list[tuple[str, float]]]:
    pairs = zip(texts, universal.encode(texts), strict=True)
    return [model.ranking(text, vector) for text, vector in pairs]


def told(model: HybridModel, text: str) -> tuple[str, list[Counted]]:
    """What a text is read as, and its words."""
    intent = ranked(model, [text])[0][0][0]
    return intent, counted(text, text, intent, model, lambda texts: ranked(model, texts))


def messages(part: int) -> Iterator[str]:
    """Examples of every intent, half of them within words that say nothing; another few a part."""
    draw = random.Random(5)
    examples = [(lang, bare(text)) for lang, _, text in read(PROJECT).examples]
    usable = [each for each in examples if 3 <= len(each[1].split()) <= 12]
    chosen = draw.sample(usable, PARTS * EACH)[part * EACH : (part + 1) * EACH]
    for n, (language, text) in enumerate(chosen):
        yield draw.choice(AROUND[language]).format(text) if n % 2 else text


def odds(confidence: float) -> float:
    bounded = min(max(confidence, 1e-6), 1 - 1e-6)
    return float(np.log(bounded / (1 - bounded)))


def left_of(text: str, words: Sequence[Counted]) -> str:
    for each in sorted(words, key=lambda word: word.start, reverse=True):
        text = text[: each.start] + text[each.end :]
    return text


@pytest.mark.parametrize("part", range(PARTS))
def test_the_words_that_are_named_do_more_than_the_others(
    model: HybridModel, part: int, record_property: Callable[[str, object], None]
) -> None:
    """Not from the weights: each text is read again here. All figures: `-s`, or the report."""
    draw, first, several, tried = random.Random(part), 0, 0, 0
    for text in messages(part):
        intent, words = told(model, text)
        if len(words) < 3:
            continue
        tried += 1
        assert all(text[each.start : each.end] == each.word for each in words)
        assert len({each.start for each in words}) == len(words)
        named = words[: min(3, len(words) // 2)]
        others = draw.sample(words[len(named) :], len(named))
        texts = [left_of(text, some) for some in ([words[0]], [draw.choice(words[1:])])]
        texts += [left_of(text, some) for some in (named, others)]
        one, another, all_of_it, as_many = (
            odds(dict(ranking).get(intent, 0.0)) for ranking in ranked(model, texts)
        )
        first += one <= another + ROUNDED
        several += all_of_it <= as_many + ROUNDED
    record_property("one word, several words, of", (first, several, tried))
    assert tried >= 0.8 * EACH
    assert first >= ONE * tried, (first, tried)
    assert several >= SEVERAL * tried, (several, tried)


def test_a_weight_is_what_the_log_odds_fall_by_without_the_word(model: HybridModel) -> None:
    text = "I want to cancel my order please"
    intent, words = told(model, text)
    assert (intent, words[0].word) == ("cancel_order", "cancel")
    for each in words:
        whole, without = ranked(model, [text, left_of(text, [each])])
        expected = odds(dict(whole)[intent]) - odds(dict(without)[intent])
        assert each.weight == pytest.approx(expected, abs=1e-3)


def test_a_slip_is_named_as_it_was_written(model: HybridModel) -> None:
    written, corrected = "I want to cansel my order", "I want to cancel my order"

    def rank(texts: Sequence[str]) -> list[list[tuple[str, float]]]:
        return ranked(model, texts)

    words = counted(written, corrected, "cancel_order", model, rank)
    assert words[0].word == "cansel"
    assert counted(written, "cancel it", "cancel_order", model, rank) == []


def test_of_several_requests_only_the_part_that_was_read_counts(model: HybridModel) -> None:
    text = "cancel my order and what are your opening hours?"
    end = text.index(" and")
    words = counted(
        text, text, "cancel_order", model, lambda texts: ranked(model, texts), part=(0, end)
    )
    assert {each.word for each in words} == {"cancel", "my", "order"}
    assert words[0].word == "cancel"


def test_of_a_long_message_the_words_of_which_the_ngrams_say_most_are_tried(
    model: HybridModel,
) -> None:
    text = "well " * 30 + "so I would like to cancel my order"
    intent, words = told(model, text)
    assert len(words) == MOST
    assert intent != "cancel_order" or "cancel" in {each.word for each in words[:3]}


def test_the_shares_of_ngrams_add_up_to_what_they_say(model: HybridModel) -> None:
    text, intent = "where is my parcel", "track_order"
    column, words = model.intents.index(intent), words_of(text)
    expected = 0.0
    for ngrams, weights in (
        (model.words, model.weights_words),
        (model.characters, model.weights_characters),
    ):
        for n, value in ngrams.weigh(words).items():
            expected += value * float(weights[n, column] - weights[n].mean())
    shares = shares_of_ngrams(text, intent, model)
    assert sum(shares.values()) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("text", ["", "?!", "…"])
def test_without_a_word_nothing_is_named(model: HybridModel, text: str) -> None:
    assert counted(text, text, "track_order", model, lambda texts: ranked(model, texts)) == []
