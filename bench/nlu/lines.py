"""Utterances with their intents: those that are out of scope, and whatever file somebody brings."""

from __future__ import annotations

from pathlib import Path

from helder.report.lines import LANGUAGES, OUTSIDE, Line, Lines, read

__all__ = ["OUTSIDE", "Line", "Lines", "out_of_scope", "read"]
HERE = Path(__file__).parent


def out_of_scope() -> list[Line]:
    """Things that people ask a computer, and no web shop does."""
    return [
        Line(text, "", language)
        for language in LANGUAGES
        for text in (HERE / f"out_of_scope.{language}.txt").read_text("utf-8").splitlines()
    ]
