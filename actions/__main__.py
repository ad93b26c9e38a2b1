"""`python -m actions`: the server of Rasa's custom actions."""

from __future__ import annotations

import sys

import structlog

from actions.server import make_app
from actions.services import build, renewed
from helder import keyfiles, logs
from helder import settings as settings_module
from helder.content.policies import PolicyRefused
from helder.conversation.errors import KeyringError
from helder.handoff.errors import HoursError
from helder.settings import SettingError
from helder.shop.policy import PolicyError

logger = structlog.get_logger(__name__)


def main() -> int:
    """Serve until told to stop."""
    try:
        settings = settings_module.load()
        logs.configure(settings, "actions")
        own = settings.why_for_customers is None
        app = make_app(
            build(settings),
            keyfiles.internal_secret(settings.keys),
            renew=(lambda services: renewed(services, settings)) if own else None,
        )
    except (SettingError, KeyringError, PolicyError, PolicyRefused, HoursError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    logger.info("actions_ready", port=settings.actions_port)
    app.run("127.0.0.1", settings.actions_port, access_log=False, motd=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
