"""Opt-out of AI: a customer who wants none, and how that is remembered until they undo it."""
