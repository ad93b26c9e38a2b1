"""Understanding, measured: Helder's pipeline beside stock Rasa's, on the same examples."""
