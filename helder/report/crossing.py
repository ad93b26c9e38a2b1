"""Every example read by a model that has not seen it, and messages of a file by one that has all.

Each fold's model is the assistant's own, without Rasa around it: slips corrected towards the words
of the other folds, the encoder, the intent model, and a calibration learned from the other folds.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from multiprocessing import active_children, get_context
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it has none

from helder.report.measures import Reading
from helder.understanding import hybrid, outside, universal
from helder.understanding.softmax import Calibration, calibrate, folds
from helder.understanding.spelling import of_examples

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
    names = [outside.INTENT, *sorted({each.intent for each in examples})]
    labels = np.array([names.index(each.intent) for each in examples], dtype=np.int64)
    texts = [each.text for each in examples]
    tell(f"reading {len(texts):,} examples")
    vectors = universal.encode(texts)
    masks = list(folds(labels, FOLDS, SEED))
    jobs = [_job(texts, vectors, labels, names, held, settings) for held in masks]
    if messages:
        jobs.append(_whole(texts, vectors, [each.intent for each in examples], messages, settings))
    found = _in_parallel(jobs, lambda done: tell(f"{done} of {len(jobs)} models trained"))
    logits = np.zeros((len(texts), len(names)))
    for held, job, rows in zip(masks, jobs, found, strict=False):
        logits[held] = _placed(job.intents, rows, names)
    readings: list[Reading] = [Reading("", "", ())] * len(texts)
    for held in masks:
        known = calibrate(logits[~held], labels[~held])
        for n in np.flatnonzero(held):
            readings[n] = _reading(examples[n], logits[n], names, known)
    known = calibrate(logits, labels)
    rows_of_messages = found[FOLDS] if messages else ()
    read = [
        _reading(message, row, names, known)
        for message, row in zip(messages, rows_of_messages, strict=True)
    ]
    return Crossing(list(examples), vectors, readings, read)


def _whole(
    texts: list[str],
    vectors: Single,
    intents: list[str],
    messages: Sequence[Example],
    settings: Settings,
) -> Job:
    speller = of_examples(texts)
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
    speller = of_examples(known)
    written = [texts[n] for n in np.flatnonzero(held)]
    new = [speller.correct(text) for text in written]
    read_as = vectors[held].copy()
    changed = [n for n, text in enumerate(new) if text != written[n]]
    if changed:
        read_as[changed] = universal.encode([new[n] for n in changed])
    intents = [names[label] for label in labels[~held]]
    return Job(known, vectors[~held], intents, new, read_as, settings.model)


def _in_parallel(jobs: list[Job], done: Callable[[int], None]) -> list[Floats]:
    """The logits of each job; `done` is told how many there are. Whatever stops it ends them."""
    workers = min(WORKERS, os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, get_context("spawn"), _undisturbed) as pool:
        try:
            waiting = [pool.submit(_logits, job) for job in jobs]
            for count, future in enumerate(as_completed(waiting), start=1):
                future.result()
                done(count)
            return [future.result() for future in waiting]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for child in active_children():
                child.terminate()
            raise


def _undisturbed() -> None:
    """Ctrl-C is for the process that waits, which then ends this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


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
    known = sorted(set(intents))
    if logits.shape[1] > len(known):  # what is out of scope was learned beside them
        known = sorted({outside.INTENT, *known})
    placed[:, [names.index(intent) for intent in known]] = logits
    return placed


def _reading(
    message: Example, logits: Floats, names: list[str], calibration: Calibration
) -> Reading:
    if not any(character.isalnum() for character in message.text):
        return Reading(message.text, message.intent, ())  # as HybridClassifier has it
    confidences = calibration.confidences(logits[None, :])[0]
    order = [n for n in np.argsort(-confidences, kind="stable") if names[n] != outside.INTENT]
    ranking = tuple((names[n], float(confidences[n])) for n in order[:RANKING])
    return Reading(message.text, message.intent, ranking)
