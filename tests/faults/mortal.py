"""A gateway and a Rasa in processes of their own, each of which kills itself when it is told to."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from helder import logs
from helder.brain import channel
from helder.conversation.log import ConversationLog
from helder.database import connect
from helder.gateway import attempts, state
from helder.gateway.app import create_app
from helder.handoff.messages import Messages
from helder.installation import anchor_of, keyring_of
from helder.settings import Settings
from tests.faults.injector import Injector, Point, watch
from tests.faults.scenes import CANARY

_PR_SET_PDEATHSIG = 1
FIRST_PAUSE, LONGEST_PAUSE, SWEEP_SECONDS = 0.005, 0.05, 0.02


@dataclass
class Fate:
    """When a process dies: at the n-th point from now, or as it has left a message; 0 is never."""

    points: Synchronized[int]
    leavings: Synchronized[int]
    poison: Synchronized[int]


class Doomed(Injector):
    """Kills its process, for real, at the point that the fate names."""

    def __init__(self, fate: Fate) -> None:
        super().__init__(armed=True)
        self._fate = fate

    def pass_by(
        self, point: Point, act: Callable[[], Any], close: Callable[[], None] | None = None
    ) -> Any:
        """Die, or do what is done at this point."""
        if not self.is_quiet:
            die_at_zero(self._fate.points)
        return act()


def die_at_zero(left: Synchronized[int]) -> None:
    """One less; at the last one, kill -9 this process."""
    with left.get_lock():
        if left.value == 0:
            return
        left.value -= 1
        now = left.value == 0
    if now:
        os.kill(os.getpid(), signal.SIGKILL)


def be_gateway(settings: Settings, fate: Fate) -> None:
    """Serve customers until killed."""
    _begin(settings, "gateway")
    attempts.FIRST_PAUSE, attempts.LONGEST_PAUSE = FIRST_PAUSE, LONGEST_PAUSE
    # Setting up has points too, but is no part of a turn.
    state.SWEEP_EVERY_SECONDS = SWEEP_SECONDS  # type: ignore[assignment]
    gateway, doomed = state.build(settings), Doomed(fate)
    watch(doomed, "gateway", gateway.log)
    waiting, leave = gateway.inbox.waiting, Messages.leave

    def quietly() -> Any:
        with doomed.quiet():
            return waiting()

    def leave_and_die(self: Messages, **message: str) -> str:
        reference = leave(self, **message)
        die_at_zero(fate.leavings)
        return reference

    gateway.inbox.waiting = quietly  # type: ignore[method-assign]  # the test's own in its place
    Messages.leave = leave_and_die  # type: ignore[method-assign, assignment]  # the test's own in its place
    _serve(create_app(gateway), settings.gateway_port)


def be_rasa(settings: Settings, fate: Fate) -> None:
    """Answer turns until killed."""
    from rasa.utils.endpoints import EndpointConfig

    from tests.faults.warm import AGENT

    _begin(settings, "rasa")
    engine = connect(settings.database_url)
    log = ConversationLog(engine, keyring_of(settings), anchor=anchor_of(settings))
    watch(Doomed(fate), "rasa", log)
    AGENT.tracker_store.log = log

    async def turn(request: Request) -> Response:
        body = await request.json()
        if fate.poison.value and body["text"] == CANARY:
            return Response(status_code=502)
        answer = await channel._run(body, AGENT.handle_message)
        return Response(answer.body, answer.status, media_type="application/json")

    async def act(_request: Request) -> Response:
        return JSONResponse({"events": [], "responses": []})  # an action that says nothing

    AGENT.processor.action_endpoint = EndpointConfig(f"{settings.rasa_url}/action")
    routes = [
        Route("/webhooks/helder/turn", turn, methods=["POST"]),
        Route("/action", act, methods=["POST"]),
    ]
    _serve(Starlette(routes=routes), settings.rasa_port)


def _begin(settings: Settings, name: str) -> None:
    # Whoever forked us ends with the test.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    _write_to(settings.var / "log" / f"{name}.log")
    logs.configure(settings, name)


def _write_to(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    log = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
        os.dup2(log, stream.fileno())


def _serve(app: Any, port: int) -> None:
    uvicorn.run(app, host="127.0.0.1", port=port, log_config=None, access_log=False, ws="none")
