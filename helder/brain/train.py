"""`python -m helder.brain.train FOLDER NAME [--force]`: trains a model into FOLDER.

Talks to helder/model.py by lines on standard output: a word (`progress`, `warning` or `error`), a
tab, and a text for the person who waits. No customer's data is near, so Rasa may speak.
"""

from __future__ import annotations

import logging
import sys
import warnings
from pathlib import Path
from typing import TextIO

import structlog

from helder.brain import lightly

# What Rasa warns of and is meant so: our extractor needs no training, our rule policy is a subclass
# of its own, and slots are mapped one by one.
MEANT = (
    "Slot auto-fill has been removed",
    "You have defined training data consisting of entity examples",
    "You have defined training data consisting of lookup tables",
    "'RulePolicy' is not included",
)
STEPS = ("Starting to train", "Restored component")


class _Steps(logging.Handler):
    """Passes on which component Rasa is at."""

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if text.startswith(STEPS):
            tell("progress", text.rstrip("."))


def tell(word: str, text: str) -> None:
    """Send one line to whoever started us."""
    sys.stdout.write(f"{word}\t{' '.join(text.split())}\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    """Train; 0 if there is a model."""
    load_rasa()
    return 0 if train_into(*arguments[:2], force="--force" in arguments) else 1


def load_rasa() -> None:
    """Import what training needs, and have what it tells sent on."""
    warnings.showwarning = _show
    tell("progress", "Loading Rasa")
    lightly.install()
    from helder.brain import encoding

    encoding.install(Path.cwd())  # while the rest is imported
    from rasa import model_training  # noqa: F401 - seconds; now, so that it is told

    from helder.brain import lessons, reading

    lessons.install()
    reading.install()
    # Rasa describes every rule, at length.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    logger = logging.getLogger("rasa")
    logger.setLevel(logging.INFO)
    logger.addHandler(_Steps())


def train_into(folder: str, name: str, *, force: bool = False) -> bool:
    """Train a model from the files of the working directory into a folder; is there one?"""
    from rasa.model_training import train

    from helder.brain.errors import UnsetVariable
    from helder.brain.variables import refuse_unset

    tell("progress", "Reading the training data")
    try:
        for path in (Path("config.yml"), Path("domain.yml"), *sorted(Path("data").rglob("*.yml"))):
            refuse_unset(path)
        result = train(
            domain="domain.yml",
            config="config.yml",
            training_files=["data"],
            output=folder,
            fixed_model_name=name,
            force_training=force,
        )
    except UnsetVariable as refused:
        tell("error", str(refused))
        return False
    except Exception as error:  # whatever Rasa raises is told as it is
        tell("error", f"{type(error).__name__}: {error}")
        return False
    return bool(result.model and result.code == 0)


def _show(
    message: Warning | str,
    category: type[Warning],
    filename: str,  # noqa: ARG001 - the signature of warnings.showwarning
    lineno: int,  # noqa: ARG001 - as warnings.showwarning has it
    file: TextIO | None = None,  # noqa: ARG001 - as warnings.showwarning has it
    line: str | None = None,  # noqa: ARG001 - as warnings.showwarning has it
) -> None:
    # What concerns the training data is a UserWarning; the rest is between libraries.
    if category in (UserWarning, RuntimeWarning) and not str(message).startswith(MEANT):
        tell("warning", str(message))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
