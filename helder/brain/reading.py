"""Training data read once and copied cheaply, with the same outcome as Rasa's own reading.

Rasa 3.6 reads and checks every example file twice in one training (its importers ask for the data
of the default language in two ways, and remember each), computes the fingerprints of all examples
anew whenever two sets of them are merged, a hash for each word, and copies them deeply each time:
half of the time that is not spent on learning. `install` mends that, and keeps what was read of a
file for as long as the file is the same, which is what `helder watch` lives on.
"""

from __future__ import annotations

import copy
import functools
import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.importers.importer import CombinedDataImporter, ResponsesSyncImporter
from rasa.shared.nlu.constants import INTENT, RESPONSE
from rasa.shared.nlu.training_data import loading
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

_LANGUAGE = "en"  # Rasa's default; it decides nothing about YAML
_STRIPPED = (INTENT, RESPONSE)
_PLAIN = (str, int, float, bool, type(None))
Stamp = tuple[int, int, int]


class Files:
    """Reads training data from a file; again only when the file is another."""

    def __init__(self, read: Callable[..., Any]) -> None:
        self._read = read
        self._known: dict[str, tuple[Stamp, Any]] = {}

    def __call__(self, name: str, language: str | None = _LANGUAGE) -> Any:
        """See rasa.shared.nlu.training_data.loading.load_data. Whoever merges it copies it."""
        path = Path(name)
        if not path.is_file():
            return self._read(name, language)
        found = path.stat()
        stamp = found.st_mtime_ns, found.st_size, found.st_ino
        known = self._known.get(name)
        if known is None or known[0] != stamp:
            known = stamp, self._read(name, language)
            self._known[name] = known
        return known[1]


def install() -> None:
    """Read so in this process; again does nothing more."""
    if isinstance(loading.load_data, Files):
        return
    changes: dict[Any, dict[str, Any]] = {
        loading: {"load_data": Files(loading.load_data)},
        TrainingData: {"sanitize_examples": staticmethod(sanitised)},
        Message: {"__deepcopy__": copied, "fingerprint": fingerprint},
        CombinedDataImporter: {"get_nlu_data": _in_one_way(CombinedDataImporter.get_nlu_data)},
        ResponsesSyncImporter: {"get_nlu_data": _in_one_way(ResponsesSyncImporter.get_nlu_data)},
    }
    for owner, better in changes.items():
        for name, change in better.items():
            setattr(owner, name, change)


def sanitised(examples: Sequence[Message]) -> list[Message]:
    """Without blanks around labels, and without repetitions; fingerprints that hold are kept."""
    for example in examples:
        for key in _STRIPPED:
            label = example.get(key)
            if label and label != label.strip():
                example.set(key, label.strip())
    return list(dict.fromkeys(examples))


def fingerprint(message: Message) -> str:
    """Another for whatever differs in texts, labels, entities, tokens or features.

    Rasa hashes every key, value and token by itself; here all of it is hashed once. Kept like
    Rasa's until the example changes.
    """
    found: str | None = message._cached_fingerprint
    if found is None:
        told = json.dumps([message.data, message.features], sort_keys=True, default=_told)
        found = message._cached_fingerprint = hashlib.md5(
            told.encode(), usedforsecurity=False
        ).hexdigest()
    return found


def _told(value: Any) -> Any:
    if isinstance(value, Token):
        return [value.text, value.start, value.end, value.lemma, value.data]
    return value.fingerprint() if hasattr(value, "fingerprint") else str(value)


def copied(message: Message, memo: dict[int, Any]) -> Message:
    """A deep copy of an example; texts and numbers need no copy."""
    made = Message.__new__(Message)
    memo[id(message)] = made
    for name, value in vars(message).items():
        setattr(made, name, _copy(value, memo))
    return made


def _copy(value: Any, memo: dict[int, Any]) -> Any:
    if isinstance(value, _PLAIN):
        return value
    if type(value) is dict:
        return {key: _copy(each, memo) for key, each in value.items()}
    if type(value) is list:
        return [_copy(each, memo) for each in value]
    if type(value) is set:
        return {_copy(each, memo) for each in value}
    return copy.deepcopy(value, memo)


def _in_one_way(stock: Callable[..., TrainingData]) -> Callable[..., TrainingData]:
    @functools.wraps(stock)
    def get_nlu_data(self: Any, language: str | None = _LANGUAGE) -> TrainingData:
        return stock(self, language)

    return get_nlu_data
