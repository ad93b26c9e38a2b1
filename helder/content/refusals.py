"""What a start would refuse in policies/, found by the loaders that the start uses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from helder.consent.purposes import Purposes, load_purposes
from helder.content.notices import FOLDER, load_notices
from helder.content.policies import (
    Kept,
    PolicyRefused,
    check_texts,
    load_masking,
    load_pages,
    load_privacy,
    load_retention,
    readable,
)
from helder.content.told import load_told
from helder.decisions.words import FILE, Words
from helder.desk.replies import Replies
from helder.desk.texts import Texts as DeskTexts
from helder.handoff.opening import load_opening
from helder.handoff.packet_words import FILE as PACKET
from helder.handoff.packet_words import load_packet
from helder.handoff.policy import load_handoff
from helder.handoff.priority import load_priority
from helder.handoff.reason_words import FILE as REASONS
from helder.handoff.reason_words import ReasonsError, load_reason_words
from helder.shop.facts import FACTS
from helder.shop.policy import NEEDED, PolicyError, decision_files, read_policy
from helder.texts import Texts

PRIORITY = "priority.yml"


def problems(folder: Path) -> Iterator[tuple[str, int, str]]:
    """File, line and sentence of every policy that a start would refuse."""
    loaders: Mapping[str, tuple[Callable[[Path], Any], ...]] = {
        "opening_hours.yml": (readable, load_opening),
        "retention.yml": (load_retention,),
        "consent.yml": (_load_consent,),
        "masking.yml": (load_masking,),
        "how_it_works.yml": (load_told,),
        "pages.yml": (load_pages,),
        "privacy.yml": (load_privacy,),
        "texts.yml": (check_texts, Texts),
        "desk.yml": (check_texts, DeskTexts),
        "replies.yml": (check_texts, Replies),
        "handoff.yml": (readable, load_handoff),
        PACKET: (load_packet,),
    }
    for name, steps in loaders.items():
        for load in steps:
            found = _refusal(folder / name, load, folder / name)
            if found:
                yield name, *found
                break
    try:
        load_notices(folder / FOLDER)
    except PolicyRefused as wrong:
        yield f"{FOLDER}/{wrong.path.name}", wrong.line, wrong.sentence
    yield from _decisions(folder)
    try:
        load_reason_words(folder / REASONS)
    except ReasonsError as wrong:
        for line, sentence in wrong.problems:
            yield REASONS, line, sentence
    try:
        load_priority(folder / PRIORITY)
    except PolicyError as error:
        for line, sentence in error.problems:
            yield PRIORITY, line, sentence


def _decisions(folder: Path) -> Iterator[tuple[str, int, str]]:
    """All that is wrong with the policies that decide, and with their words."""
    for name in sorted({*NEEDED, *decision_files(folder)}):
        try:
            read_policy(folder / f"{name}.yml")
        except PolicyError as error:
            for line, sentence in error.problems:
                yield f"{name}.yml", line, sentence
    try:
        Words.of(folder, FACTS)
    except PolicyError as error:
        for line, sentence in error.problems:
            yield FILE, line, sentence


def _load_consent(path: Path) -> Purposes:
    try:
        kept = load_retention(path.with_name("retention.yml"))
    except PolicyRefused:  # that is told at its own place
        kept = Kept(1, 1, 1, 1, 1)
    return load_purposes(path, kept)


def _refusal(path: Path, load: Callable[[Path], Any], given: Path) -> tuple[int, str] | None:
    try:
        load(given)
    except PolicyRefused as refused:
        return refused.line, refused.sentence
    except Exception as error:  # whatever a loader raises, the start would not get past it
        known = isinstance(error, ValueError)
        said = str(error) if known else f"This cannot be used: {type(error).__name__}: {error}."
        said = " ".join(said.replace(f"{path.parent}/", "policies/").split())
        return _line_of(path, said), said
    return None


def _line_of(path: Path, sentence: str) -> int:
    """The line of the first name of the file that the sentence mentions, or 1."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for word in re.findall(r"\w+", sentence):
        for number, line in enumerate(lines, start=1):
            if re.match(rf"\s*{word}\s*:", line):
                return number
    return 1
