"""`helder watch`: the assistant answers by what a designer saves."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from helder import keyfiles, model
from helder.refusal import Refusal
from helder.runlock import AlreadyRunning, RunLock
from helder.settings import Settings

Say = Callable[[str], None]


def watch(settings: Settings, say: Say, start: Callable[[], None]) -> None:
    """Watch until Ctrl-C; `start` prepares an installation that does not run yet.

    Raises:
        Refusal: customers are served here, or another watches already.
    """
    refuse_for_customers(settings)
    from helder.supervisor import StartStopped
    from helder.watch.house import House
    from helder.watch.trainer import Trainer
    from helder.watch.watcher import Watcher

    # Both are how a person ends it.
    stopped = contextlib.suppress(StartStopped, KeyboardInterrupt)
    with stopped, _alone(settings), _running(settings, say, start) as holder:
        trainer = Trainer(settings, warn=lambda text: say(f"! {text}"))
        house = House(settings, keyfiles.internal_secret(settings.keys), holder)
        try:
            trainer.start()
            watcher = Watcher(settings, house, trainer, say)
            say("  watching data/, words/, policies/, domain.yml, config.yml and tests/dialogues …")
            say("  loading for some 20 seconds; what you save until then takes a little longer")
            watcher.run(lambda: RunLock(settings.var).holder() == holder)
        finally:
            trainer.close()
            house.close()
    if model.fitting_model(settings.project) is None:
        say("  What you changed is trained anew at the next `make run`.")


def refuse_for_customers(settings: Settings) -> None:
    """Raises Refusal where customers are served: nobody tries out answers on them."""
    name = settings.why_for_customers
    if name is not None:
        raise Refusal(
            f"Customers are served here ({name} is set), and `make watch` changes answers while "
            "they talk. Use it on a machine of your own; release here with `make train` and a new "
            "start."
        )


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    lock = RunLock(model.watched(settings))
    try:
        lock.acquire()
    except AlreadyRunning:
        raise Refusal(f"Process {lock.holder()} watches already.") from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _running(settings: Settings, say: Say, start: Callable[[], None]) -> Iterator[int]:
    """The assistant, started unless it runs; gives the process id of its supervisor."""
    from helder.supervisor import Stack

    running = RunLock(settings.var).holder()
    if running is not None:
        say(f"✓ Helder runs already (process {running})")
        yield running
        return
    start()
    stack = Stack(settings, say=say)
    signal.signal(signal.SIGUSR1, stack.ask_to_renew)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C
    try:
        with stack:
            address = f"http://127.0.0.1:{settings.gateway_port}"
            say(f"Helder is ready: open {address}  (Ctrl-C stops it)")
            yield os.getpid()
    finally:
        say("Helder has stopped.")
