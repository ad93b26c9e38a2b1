"""What is out of scope in the measurement of understanding."""

from bench.nlu.lines import out_of_scope
from helder.understanding import language_model


def test_there_are_150_messages_out_of_scope_in_each_language():
    for language in ("en", "nl"):
        texts = [line.text for line in out_of_scope() if line.language == language]
        assert len(set(texts)) == len(texts) >= 150


def test_they_are_in_the_language_that_they_are_said_to_be_in():
    model = language_model.shipped()
    guesses = [(line, model.guess(line.text)) for line in out_of_scope()]
    sure = [(line, guess) for line, guess in guesses if guess.probability > 0.9]
    assert len(sure) > 250
    assert not [line.text for line, guess in sure if guess.language != line.language]
