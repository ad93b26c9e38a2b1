"""`python -m helder.desk`: serve employees on 127.0.0.1 until told to stop."""

from __future__ import annotations

import uvicorn
from starlette.applications import Starlette

from helder import logs
from helder import settings as settings_module
from helder.content.policies import PolicyRefused
from helder.conversation.errors import AnchorError, KeyringError
from helder.decisions.errors import PolicyError
from helder.desk.app import create_app
from helder.desk.state import build
from helder.handoff.errors import HandoffError
from helder.handoff.reason_words import ReasonsError
from helder.texts import TextsError

_REFUSED = (
    *(AnchorError, HandoffError, KeyringError),
    *(PolicyError, PolicyRefused, ReasonsError, TextsError),
)


def main() -> None:
    """Serve. Behind TLS: a proxy in front, with `HELDER_TRUST_PROXY=yes` (docs/agents.md)."""
    settings = settings_module.load()
    logs.configure(settings, "desk")
    try:
        desk = build(settings)
    except _REFUSED as refused:
        raise SystemExit(str(refused)) from None
    uvicorn.Server(config(create_app(desk), settings.desk_port)).run()


def config(app: Starlette, port: int) -> uvicorn.Config:
    """How it is served: by this machine, to this machine."""
    return uvicorn.Config(
        app,
        host="127.0.0.1",
        port=port,
        ws="none",  # there are none, and uvicorn cannot use the old websockets that Rasa pins
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=2,
    )


if __name__ == "__main__":
    main()
