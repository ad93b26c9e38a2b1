from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from scipy.sparse import hstack

from helder.understanding import hybrid_store, universal
from helder.understanding.hybrid import HybridModel, train
from helder.understanding.ngrams import words_of
from helder.understanding.storage import DamagedModelError

EXAMPLES = {
    "track": ["where is my order", "waar is mijn bestelling", "when does my parcel come"],
    "cancel": ["cancel my order", "annuleer mijn bestelling", "stop de bestelling"],
    "hours": ["when are you open", "wanneer zijn jullie open", "opening hours"],
}


def trained(examples: dict[str, list[str]]) -> HybridModel:
    texts = [text for found in examples.values() for text in found]
    intents = [intent for intent, found in examples.items() for _ in found]
    return train(texts, universal.encode(texts), intents)


def ask(model: HybridModel, text: str) -> list[tuple[str, float]]:
    return model.ranking(text, universal.encode([text])[0])


@pytest.fixture(scope="module")
def model() -> HybridModel:
    return trained(EXAMPLES)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("where's my order?", "track"),
        ("komt mijn pakketje nog", "track"),
        ("ik wil annuleren", "cancel"),
        ("hoe laat gaan jullie open", "hours"),
    ],
)
def test_a_message_nobody_wrote_before_is_understood(model, text, intent):
    assert ask(model, text)[0][0] == intent


def test_confidences_add_up_to_less_than_one(model):
    for text in ("where is my order", "purple elephants dance"):
        assert 0 < sum(p for _, p in ask(model, text)) < 1


def test_what_fits_nothing_gets_less_confidence(model):
    assert ask(model, "purple elephants dance")[0][1] < 0.5 < ask(model, "where is my order")[0][1]


def test_training_again_gives_the_same_model_to_the_bit(model):
    again = trained(EXAMPLES)
    assert again.calibration == model.calibration
    assert np.array_equal(again.weights_characters, model.weights_characters)
    assert np.array_equal(again.weights_sentence, model.weights_sentence)


@pytest.mark.parametrize(
    "examples",
    [
        {intent: texts[:2] for intent, texts in EXAMPLES.items()},
        {intent: texts[:1] for intent, texts in EXAMPLES.items()},
        {intent: texts[:1] for intent, texts in EXAMPLES.items() if intent == "track"},
    ],
    ids=["two each", "one each, one language", "one in all"],
)
def test_very_few_examples_are_enough_to_run(examples):
    ranking = ask(trained(examples), "where is my order")
    assert ranking[0][0] == "track"
    assert all(0 <= p <= 1 for _, p in ranking)


def test_a_stored_model_answers_to_the_bit_as_before(model, tmp_path):
    hybrid_store.save_model(tmp_path, model)
    loaded = hybrid_store.load_model(tmp_path)
    for text in ("where is my order", "ik wil annuleren", ""):
        assert ask(loaded, text) == ask(model, text)


def regression(model: HybridModel, text: str) -> npt.NDArray[np.float64]:
    """Scores without those of the network."""
    silent = replace(model.network, out=0 * model.network.out, out_bias=0 * model.network.out_bias)
    return replace(model, network=silent).logits(text, universal.encode([text])[0])


def test_the_margin_between_two_intents_is_the_sum_of_its_parts(model):
    text = "waar is mijn order"
    vector = universal.encode([text])[0]
    sentence = vector @ model.weights_sentence
    likeness = model.likeness.of(vector[None])[0] @ model.weights_likeness
    total = model.bias + model.sentence_scale * (sentence + likeness)
    for grams, weights in (
        (model.words, model.weights_words),
        (model.characters, model.weights_characters),
    ):
        for n, value in grams.weigh(words_of(text)).items():
            total = total + value * weights[n]
    logits = regression(model, text)
    np.testing.assert_allclose(total - total[0], logits - logits[0], atol=1e-4)


def test_one_text_gets_the_scores_that_it_gets_among_many(model):
    texts = [text for found in EXAMPLES.values() for text in found]
    vectors, words = universal.encode(texts), [words_of(text) for text in texts]
    sparse = hstack([grams.matrix(words) for grams in (model.words, model.characters)])
    beside = model.network.logits(vectors, sparse)
    for text, vector, scores in zip(texts, vectors, beside, strict=True):
        alone = model.logits(text, vector) - regression(model, text)
        np.testing.assert_allclose(alone, scores, atol=1e-4)


def test_a_model_without_intents_can_be_stored(tmp_path):
    hybrid_store.save_model(tmp_path, None)
    assert hybrid_store.load_model(tmp_path) is None


@pytest.mark.parametrize("name", ["meta.json", "arrays.npz"])
def test_a_changed_byte_is_a_clear_error(model, tmp_path, name):
    hybrid_store.save_model(tmp_path, model)
    path = tmp_path / name
    good = path.read_bytes()
    for at in np.random.default_rng(0).integers(len(good), size=40):
        path.write_bytes(good[:at] + bytes([good[at] ^ 16]) + good[at + 1 :])
        with pytest.raises(DamagedModelError, match="make train"):
            hybrid_store.load_model(tmp_path)


@pytest.mark.parametrize("name", ["meta.json", "arrays.npz"])
def test_a_missing_or_truncated_file_is_a_clear_error(model, tmp_path, name):
    hybrid_store.save_model(tmp_path, model)
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:100])
    with pytest.raises(DamagedModelError):
        hybrid_store.load_model(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(DamagedModelError):
        hybrid_store.load_model(tmp_path)


def test_an_empty_text_is_the_zero_vector_and_a_huge_one_is_cut():
    vectors = universal.encode(["", "  ", "hello", "hello " * 100_000])
    assert not vectors[:2].any()
    np.testing.assert_allclose(np.linalg.norm(vectors[2:], axis=1), 1, atol=1e-4)


def test_one_text_and_a_batch_give_the_same_vectors():
    texts = [text for found in EXAMPLES.values() for text in found]
    alone = np.stack([universal.encode([text])[0] for text in texts])
    np.testing.assert_allclose(universal.encode(texts), alone, atol=1e-5)


def test_english_and_dutch_lie_together():
    en, nl, other = universal.encode(
        ["where is my order?", "waar is mijn bestelling?", "wat zijn jullie openingstijden?"]
    )
    assert en @ nl > 0.7 > 0.5 > en @ other


def test_learning_that_begins_near_a_model_ends_where_it_would_have_ended_anyhow(model):
    more = {**EXAMPLES, "cancel": [*EXAMPLES["cancel"], "weg ermee"], "wrap": ["wrap it", "pak in"]}
    texts = [text for found in more.values() for text in found]
    intents = [intent for intent, found in more.items() for _ in found]
    vectors = universal.encode(texts)
    soon = train(texts, vectors, intents, calibrated=False, near=model)
    cold = train(texts, vectors, intents, calibrated=False)
    for text in [*texts, "waar blijft mijn pakket", "purple elephants dance"]:
        vector = universal.encode([text])[0]
        assert np.abs(regression(soon, text) - regression(cold, text)).max() < 0.1
        assert soon.ranking(text, vector)[0][0] == cold.ranking(text, vector)[0][0]
