"""What all tests share. Rasa is imported here as the product imports it: without TensorFlow."""

from __future__ import annotations

from helder.brain import lightly

lightly.install()
