"""Every example read by a model that has not seen it, and messages of a file by one that has all.

Each fold's model is the assistant's own, without Rasa around it: slips corrected towards the words
of the other folds, the encoder, the intent model, and a calibration learned from the other folds.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from helder.report.measures import Reading
from helder.understanding import hybrid, universal
from helder.understanding.softmax import Calibration, calibrate, folds
from helder.understanding.spelling import Speller, count_words

FOLDS = 5
SEED = 4
WORKERS = 2  # as many as the smallest machine has cores
RANKING = 10
_NEVER = -30.0  # the logit of an intent that a fold has no example of
Floats = npt.NDArray[np.float64]
Single = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Example:
    """What somebody may say: the text, its intent and language, and where it stands."""

    text: str
    intent: str
    language: str
    place: str


@dataclass(frozen=True)
class Settings:
    """What config.yml says of the intent model and of the fallback."""

    threshold: float = 0.5
    ambiguity: float = 0.1
    model: dict[str, Any] = field(default_factory=dict)  # of hybrid.train


@dataclass(frozen=True)
class Job:
    """Examples to learn from, and messages to read then."""

    texts: list[str]
    vectors: Single
    intents: list[str]
    new: list[str]
    new_vectors: Single
    model: dict[str, Any]


@dataclass
class Crossing:
    """The examples with their vectors, how each was read without it, and how messages were."""

    examples: list[Example]
    vectors: Single
    readings: list[Reading]
    messages: list[Reading]


def cross(
    examples: Sequence[Example],
    messages: Sequence[Example],
    settings: Settings,
    tell: Callable[[str], None],
) -> Crossing:
    """Read every example in `FOLDS` folds, and messages that are no examples by a model of all."""
    names = sorted({each.intent for each in examples})
    labels = np.array([names.index(each.intent) for each in examples], dtype=np.int64)
    texts = [each.text for each in examples]
    tell(f"reading {len(texts):,} examples")
    vectors = universal.encode(texts)
    masks = list(folds(labels, FOLDS, SEED))
    jobs = [_job(texts, vectors, labels, names, held, settings) for held in masks]
    if messages:
        jobs.append(_whole(texts, vectors, [each.intent for each in examples], messages, settings))
    scored: list[Floats] = [np.zeros((0, len(names)))] * (FOLDS + 1)
    for done, (number, found) in enumerate(_in_parallel(jobs), start=1):
        scored[number] = _placed(jobs[number].intents, found, names)
        tell(f"{done} of {len(jobs)} models trained")
    logits = np.zeros((len(texts), len(names)))
    for held, rows in zip(masks, scored[:FOLDS], strict=True):
        logits[held] = rows
    readings: list[Reading] = [Reading("", "", ())] * len(texts)
    for held in masks:
        known = calibrate(logits[~held], labels[~held])
        for n in np.flatnonzero(held):
            readings[n] = _reading(examples[n], logits[n], names, known)
    known = calibrate(logits, labels)
    read = [_reading(m, row, names, known) for m, row in zip(messages, scored[FOLDS], strict=True)]
    return Crossing(list(examples), vectors, readings, read)


def _whole(
    texts: list[str],
    vectors: Single,
    intents: list[str],
    messages: Sequence[Example],
    settings: Settings,
) -> Job:
    speller = Speller(count_words(texts), universal.knows_word)
    new = [speller.correct(each.text) for each in messages]
    return Job(texts, vectors, intents, new, universal.encode(new), settings.model)


def _job(
    texts: list[str],
    vectors: Single,
    labels: npt.NDArray[np.int64],
    names: list[str],
    held: Mask,
    settings: Settings,
) -> Job:
    known = [texts[n] for n in np.flatnonzero(~held)]
    speller = Speller(count_words(known), universal.knows_word)
    written = [texts[n] for n in np.flatnonzero(held)]
    new = [speller.correct(text) for text in written]
    read_as = vectors[held].copy()
    changed = [n for n, text in enumerate(new) if text != written[n]]
    if changed:
        read_as[changed] = universal.encode([new[n] for n in changed])
    intents = [names[label] for label in labels[~held]]
    return Job(known, vectors[~held], intents, new, read_as, settings.model)


def _in_parallel(jobs: list[Job]) -> Iterator[tuple[int, Floats]]:
    """Each job's number with its logits, in the order in which they are done."""
    workers = min(WORKERS, os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting: dict[Future[Floats], int] = {
            pool.submit(_logits, job): number for number, job in enumerate(jobs)
        }
        for done in as_completed(waiting):
            yield waiting[done], done.result()


def _logits(job: Job) -> Floats:
    """Train, and score each new message for the intents of the job, sorted."""
    # The matrices are small, and the other core has a fold of its own: threads only wait.
    with threadpool_limits(limits=1, user_api="blas"):
        model = hybrid.train(job.texts, job.vectors, job.intents, calibrated=False, **job.model)
        pairs = zip(job.new, job.new_vectors, strict=True)
        return np.stack([model.logits(text, vector) for text, vector in pairs])


def _placed(intents: list[str], logits: Floats, names: list[str]) -> Floats:
    """Scores of a fold's intents, in the columns of all."""
    placed: Floats = np.full((len(logits), len(names)), _NEVER)
    placed[:, [names.index(intent) for intent in sorted(set(intents))]] = logits
    return placed


def _reading(
    message: Example, logits: Floats, names: list[str], calibration: Calibration
) -> Reading:
    if not any(character.isalnum() for character in message.text):
        return Reading(message.text, message.intent, ())  # as HybridClassifier has it
    confidences = calibration.confidences(logits[None, :])[0]
    order = np.argsort(-confidences, kind="stable")[:RANKING]
    ranking = tuple((names[n], float(confidences[n])) for n in order)
    return Reading(message.text, message.intent, ranking)
