"""Loaded once by the process that forks the others: Rasa with the tiny assistant, ready to answer.

Which model is in the environment, since whoever preloads a module cannot hand it anything.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any, cast

from helder.brain import lightly

lightly.install()
# What a server imports only when it starts.
for _late in (
    "anyio._backends._asyncio",
    "httpcore",
    "uvicorn.lifespan.on",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
):
    import_module(_late)

from rasa.core.agent import Agent  # noqa: E402 - only after the line above

from helder.brain import channel, client  # noqa: E402, F401 - so that a fork has them
from helder.brain.store import EncryptedTrackerStore  # noqa: E402 - what must come first stands above
from helder.gateway import app, state  # noqa: E402, F401 - what must come first stands above

MODEL = "FAULTS_MODEL"
# It gets its log in the process that needs one.
AGENT: Any = Agent.load(
    os.environ[MODEL], tracker_store=EncryptedTrackerStore(log=cast("Any", object()))
)
