"""`python -m helder.brain.serve`: Rasa's server with our channel, our store and no open API."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from helder import logs
from helder import settings as settings_module
from helder.brain import lightly
from helder.conversation.errors import ConversationError
from helder.settings import SettingError, Settings

FILES = ("endpoints", "credentials")


def main() -> None:
    """Serve until told to stop."""
    lightly.install()
    settings = settings_module.load()
    logs.configure(settings, "rasa")
    from helder.model import fitting_model, watched_model

    model = fitting_model(settings.project) or watched_model(settings)
    if model is None:
        raise SystemExit("There is no model that fits data/ and config.yml; run `make train`.")
    from helder.brain.errors import UnsafeStart

    try:
        _serve(settings, model)
    except (UnsafeStart, ConversationError, SettingError) as refused:
        raise SystemExit(str(refused)) from None


def _serve(settings: Settings, model: Path) -> None:
    from rasa.core import run
    from rasa.core.utils import AvailableEndpoints

    from helder.brain.channel import HelderChannel
    from helder.brain.swap import Swap, remember_domains
    from helder.brain.variables import refuse_unset

    if settings.why_for_customers is None:
        HelderChannel.swap = Swap(settings)
        remember_domains()
    endpoints, credentials = (settings.project / f"{name}.yml" for name in FILES)
    refuse_unset(endpoints)
    refuse_unset(credentials)
    run.serve_application(
        model_path=str(model),
        credentials=str(credentials),
        endpoints=AvailableEndpoints.read_endpoints(str(endpoints)),
        interface="127.0.0.1",
        port=settings.rasa_port,
        enable_api=False,
        server_listeners=[(_refuse_to_start_half, "after_server_start")],
    )


async def _refuse_to_start_half(app: Any, _loop: asyncio.AbstractEventLoop) -> None:
    """Rasa starts without a model, or with another store, and only warns. We stop."""
    from helder.brain.store import EncryptedTrackerStore

    agent = app.ctx.agent
    if agent is None or not agent.is_ready():
        raise SystemExit("Rasa could not load the model; run `helder train --force`.")
    for store in (agent.tracker_store, agent.processor.tracker_store):
        if not isinstance(store, EncryptedTrackerStore):
            raise SystemExit("Rasa does not keep conversations in the encrypted log.")
    await asyncio.to_thread(agent.tracker_store.log.prove_working)


if __name__ == "__main__":
    main()
