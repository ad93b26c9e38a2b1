"""What the intents are learned from: the customers' examples, and nothing else.

Rasa adds the text of every response and the name of every action and intent in a rule, for
components that choose among responses or learn from whole stories. None is in our pipeline, and
with them in its data a comma in a response has the intents learned anew (43 s in place of 5).
"""

from __future__ import annotations

import functools
from typing import Any

from rasa.graph_components.providers.nlu_training_data_provider import NLUTrainingDataProvider
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.training_data import TrainingData

# A component with this in its name chooses among responses.
_READS_RESPONSES = "ResponseSelector"


def install() -> None:
    """Leave the rest out when a model is trained in this process; again does nothing more."""
    stock: Any = NLUTrainingDataProvider.provide
    if hasattr(stock, "__wrapped__"):
        return

    @functools.wraps(stock)
    def provide(self: NLUTrainingDataProvider, importer: TrainingDataImporter) -> TrainingData:
        data: TrainingData = stock(self, importer)
        return data if _needs_all(importer, data) else examples_of(data)

    NLUTrainingDataProvider.provide = provide


def examples_of(data: TrainingData) -> TrainingData:
    """The same data without responses, actions and intents that only rules name."""
    return TrainingData(
        training_examples=[each for each in data.training_examples if each.get(TEXT)],
        entity_synonyms=data.entity_synonyms,
        regex_features=data.regex_features,
        lookup_tables=data.lookup_tables,
    )


def _needs_all(importer: TrainingDataImporter, data: TrainingData) -> bool:
    pipeline = importer.get_config().get("pipeline") or ()
    return data.has_e2e_examples() or any(_READS_RESPONSES in each["name"] for each in pipeline)
