"""`make bench-store`: the encrypted tracker store beside Rasa's own. See docs/benchmarks.md."""
