"""`python -m helder.gateway`: serve customers on 127.0.0.1 until told to stop."""

from __future__ import annotations

import uvicorn

from helder import logs
from helder import settings as settings_module
from helder.content.policies import PolicyRefused
from helder.conversation.errors import AnchorError, KeyringError
from helder.decisions.errors import PolicyError
from helder.gateway.app import create_app
from helder.gateway.state import build
from helder.handoff.errors import HandoffError
from helder.texts import TextsError

# Streams stay open, so this is also how many people can have the widget open at once.
MOST_CONNECTIONS = 5_000

_REFUSED = (AnchorError, HandoffError, KeyringError, PolicyError, PolicyRefused, TextsError)


def main() -> None:
    """Serve. Behind TLS: a proxy in front, with `HELDER_TRUST_PROXY=yes`."""
    settings = settings_module.load()
    logs.configure(settings, "gateway")
    try:
        gateway = build(settings)
    except _REFUSED as refused:
        raise SystemExit(str(refused)) from None
    uvicorn.run(
        create_app(gateway),
        host="127.0.0.1",
        port=settings.gateway_port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=2,
    )


if __name__ == "__main__":
    main()
