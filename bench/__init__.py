"""`make bench`: Helder measured beside stock Rasa on this machine. See docs/benchmarks.md."""
