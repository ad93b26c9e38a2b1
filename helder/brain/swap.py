"""Another model, or other texts, in the Rasa that runs: for `helder watch`, never for customers.

A turn that is under way ends with what it began with: the new agent is made beside the old one,
with a tracker store of its own over the same log, and put in its place in one step. Rasa's
`PUT /model` does the same, but on the event loop, where it holds up every turn, and reads
endpoints.yml again.
"""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.core.domain import Domain
from sanic import Sanic

from helder import quick_yaml
from helder.model import watched
from helder.settings import Settings


class Domains:
    """Domains of models, read anew only when they are others: four fifths of loading a model.

    What is handed out is a copy that may have other responses, as `Swap.texts` gives it.
    """

    def __init__(self, read: Callable[[Path], Domain]) -> None:
        self._read = read
        self._text: str | None = None
        self._domain: Domain | None = None

    def load(
        self,
        config: dict[str, Any],  # noqa: ARG002 - the signature of DomainProvider.load
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG002 - Rasa's interface
        **_kwargs: Any,
    ) -> DomainProvider:
        """See DomainProvider.load."""
        with model_storage.read_from(resource) as folder:
            text = (folder / "domain.yml").read_text(encoding="utf-8")
            if self._domain is None or text != self._text:
                self._domain, self._text = self._read(folder), text
        return DomainProvider(model_storage, resource, copy.copy(self._domain))


def remember_domains() -> None:
    """Have models that are loaded in this process read no domain twice."""
    provider: Any = DomainProvider
    provider.load = Domains(Domain.from_path).load


class SwapRefused(Exception):
    """What runs is as it was; the message says why."""


class Swap:
    """Swaps in one installation. Not where customers are served."""

    def __init__(self, settings: Settings) -> None:
        self._project = settings.project
        folders = (settings.project / "models", watched(settings))
        self._folders = [folder.resolve() for folder in folders]
        self._one = asyncio.Lock()

    async def model(self, app: Sanic, path: Path) -> None:
        """Answer by this model from the next message on.

        Raises:
            SwapRefused: it is not one of ours, or cannot be loaded.
        """
        if path.parent not in self._folders:
            raise SwapRefused(f"{path} is no model of this installation.")
        async with self._one:
            old: Agent = app.ctx.agent
            new = Agent(
                tracker_store=copy.copy(old.tracker_store),  # its domain is its own
                lock_store=old.lock_store,
                action_endpoint=old.action_endpoint,
            )
            try:
                await asyncio.to_thread(new.load_model, path)
            except Exception as error:
                raise SwapRefused(f"{type(error).__name__}: {error}") from error
            app.ctx.agent = new

    async def texts(self, app: Sanic) -> None:
        """Say the responses as they are written now.

        Raises:
            SwapRefused: others are there than the model knows, so it has to be trained.
        """
        agent: Agent = app.ctx.agent
        written = await asyncio.to_thread(_responses, self._project)
        if agent.domain is None or set(written) != set(agent.domain.responses):
            raise SwapRefused("There are other responses than the model knows.")
        agent.domain.responses = written
        if isinstance(agent.nlg, TemplatedNaturalLanguageGenerator):
            agent.nlg.responses = written


def _responses(project: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path in (project / "domain.yml", *sorted((project / "data").rglob("*.yml"))):
        if "\nresponses:" in path.read_text(encoding="utf-8"):
            found |= quick_yaml.load(path).get("responses") or {}
    return found
