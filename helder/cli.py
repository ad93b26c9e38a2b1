"""The `helder` command: one word for each thing a person does.

What is heavy is imported by the command that needs it, so that `helder --help` is there at once.
An error is one sentence that says what to do; with HELDER_LOG_LEVEL=debug its origin is shown too.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from helder import coredumps
from helder import settings as settings_module
from helder.commands import agents, audit, decide, forget, keys, log, report
from helder.refusal import Refusal
from helder.settings import SETTINGS, SettingError, Settings

STOP_PATIENCE = 30.0  # seconds; the supervisor's grace and some more
# A command may have been given a secret, against all advice.
_SECRETS = ("identity_secret", "shop_api_key", "key_material", "keys_command")

app = typer.Typer(
    name="helder",
    help="Helder: a customer-support assistant that people can check.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(keys.app, name="keys")
app.add_typer(log.app, name="log")
app.add_typer(agents.app, name="agents")
app.add_typer(audit.app, name="audit")
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def main() -> int:
    """Run the command line; returns the exit code where click does not exit by itself."""
    coredumps.limit()  # some commands hold the keys
    try:
        app()
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # nobody should have to read a traceback
        err.print(f"[red]{escape(_sentence(error))}[/]", soft_wrap=True)
        if _debugging():
            err.print(escape(traceback.format_exc()), soft_wrap=True)
        return 1
    return 0


@app.command()
def run() -> None:
    """Start everything and show the address to open; Ctrl-C stops it."""
    from helder import supervisor
    from helder.runlock import RunLock

    settings = settings_module.load()
    holder = RunLock(settings.var).holder()
    if holder is not None:
        raise Refusal(f"Helder is running already (process {holder}); `make stop` stops it.")
    prepare(settings)
    _train(settings, force=False, quiet_if_fitting=True)
    stack = supervisor.Stack(settings, say=_line)
    _line(f"  starting {', '.join(p.name for p in supervisor.helder_processes(settings))} …")
    supervisor.run(stack, lambda: _announce(settings))
    _line("Helder has stopped.")


@app.command()
def train(
    force: Annotated[
        bool, typer.Option("--force", help="Train all of it, fitting or not.")
    ] = False,
) -> None:
    """Train the model from data/ and config.yml, if none fits them yet."""
    _train(settings_module.load(), force=force)


@app.command()
def check() -> None:
    """Check formatting, types, import rules and content, in seconds."""
    from helder import checks

    failed = 0
    for outcome in checks.run_all(settings_module.load().project):
        mark = "[red]✗[/]" if outcome.findings else "[green]✓[/]"
        out.print(f"{mark} {outcome.name} ({outcome.seconds:.1f} s)")
        for finding in outcome.findings:
            out.print(f"    {escape(finding)}", soft_wrap=True)
        failed += bool(outcome.findings)
    if failed:
        raise Refusal(f"{failed} of the checks failed; see above.")


@app.command()
def chat(
    language: Annotated[str, typer.Option(help="nl or en")] = "en",
) -> None:
    """Talk with the running assistant in this terminal."""
    import httpx

    from helder.terminal import Chat

    settings = settings_module.load()
    address = f"http://127.0.0.1:{settings.gateway_port}"
    with httpx.Client(base_url=address, timeout=settings.turn_timeout, trust_env=False) as client:
        Chat(client, out, lambda: out.input("> ")).talk(language)


@app.command()
def watch() -> None:
    """Have the assistant answer by what is saved; on a machine of one's own only."""
    from helder.commands import watch as watching

    settings = settings_module.load()

    def start() -> None:
        prepare(settings)
        _train(settings, force=False, quiet_if_fitting=True)

    watching.watch(settings, _line, start)


@app.command()
def stop() -> None:
    """Stop what `helder run` started."""
    from helder.runlock import RunLock

    lock = RunLock(settings_module.load().var)
    holder = lock.holder()
    if holder is None:
        out.print("Helder is not running.")
        return
    os.kill(holder, signal.SIGTERM)
    deadline = time.monotonic() + STOP_PATIENCE
    while lock.holder() == holder:
        if time.monotonic() > deadline:
            raise Refusal(f"Process {holder} does not stop; end it with: kill -9 {holder}")
        time.sleep(0.05)
    out.print("Helder has stopped.")


@app.command()
def status() -> None:
    """Show which processes answer, and what is locked; exit code 1 unless all of them do."""
    from helder.commands.locks import tell_locks
    from helder.probe import is_ready
    from helder.runlock import RunLock
    from helder.supervisor import helder_processes

    settings = settings_module.load()
    holder = RunLock(settings.var).holder()
    out.print(f"running, process {holder}" if holder else "not running; start it with `make run`")
    ready = [is_ready(process.port, process.health) for process in helder_processes(settings)]
    for process, answers in zip(helder_processes(settings), ready, strict=True):
        mark = "[green]✓[/] answers" if answers else "[red]✗[/] does not answer"
        out.print(f"  {process.name:8} 127.0.0.1:{process.port:<6} {mark}")
    tell_locks(settings)
    if not all(ready):
        raise typer.Exit(1)


@app.command("settings")
def show_settings() -> None:
    """Show every setting, what it means and what it is now. Secrets are not shown."""
    from rich.table import Table

    chosen = settings_module.load()
    table = Table("setting", "now", "default", "meaning", box=None, pad_edge=False)
    table.columns[0].no_wrap = True
    for setting in SETTINGS:
        name, now = f"HELDER_{setting.name.upper()}", _shown(chosen, setting.name)
        table.add_row(name, escape(now), setting.default or "", setting.meaning)
    out.print(table)


@app.command()
def migrate(
    new: Annotated[
        str, typer.Option("--new", help="Write a migration to the tables in the code.")
    ] = "",
) -> None:
    """Bring the database to the version of this code."""
    from helder import migrate as migrations

    if new:
        for path in migrations.write_revision(new):
            out.print(f"Wrote {path}; read it and correct it.", soft_wrap=True)
        return
    prepare(settings_module.load())


app.command()(forget.forget)
app.command()(report.report)
app.command()(decide.decide)


def prepare(settings: Settings) -> None:
    """Keys, database and anchor, made at the first run and checked at every other."""
    from helder import preparation

    preparation.prepare(settings, _line)


def _train(settings: Settings, *, force: bool, quiet_if_fitting: bool = False) -> None:
    from helder import model
    from helder.preparation import near

    fitting = model.fitting_model(settings.project)
    if fitting is not None and not force:
        if not quiet_if_fitting:
            _line(f"✓ {near(fitting, settings.project)} fits; `helder train --force` trains anew")
        return
    begun = time.monotonic()

    def warn(text: str) -> None:
        err.print(f"[yellow]! {escape(text)}[/]", soft_wrap=True)

    with out.status("Training the model …") as progress:

        def tell(text: str) -> None:
            progress.update(f"Training the model … {escape(text)}")
            if not out.is_terminal:
                _line(f"  {text}")

        made = model.train(settings, tell, warn=warn, force=force)
    elapsed = time.monotonic() - begun
    _line(f"✓ trained {near(made, settings.project)} ({elapsed:.0f} s)")


def _announce(settings: Settings) -> None:
    from helder.commands.agents import first_agent

    _line(f"  Colleagues sign in at http://127.0.0.1:{settings.desk_port}{first_agent(settings)}")
    address = f"http://127.0.0.1:{settings.gateway_port}"
    out.print(f"[bold green]Helder is ready: open {address}[/]  (Ctrl-C stops it)", soft_wrap=True)


def _line(text: str) -> None:
    out.print(escape(text), soft_wrap=True)


def _shown(settings: Settings, name: str) -> str:
    value = getattr(settings, name)
    if value in (None, ()):
        return ""
    if name in _SECRETS:
        return "(set)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    text = ", ".join(value) if isinstance(value, tuple) else str(value)
    return re.sub(r"://[^@/]*@", "://***@", text)


def _sentence(error: Exception) -> str:
    """What to tell the person: the message of an error that is meant for them, or an apology."""
    from helder.conversation.errors import AnchorError, KeyringError
    from helder.decisions.errors import PolicyError

    if isinstance(error, (Refusal, SettingError, KeyringError, AnchorError, PolicyError)):
        return str(error)
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}. Check that it is there and may be used."
    place = traceback.extract_tb(error.__traceback__)[-1]
    return (
        f"Something is wrong in Helder itself ({type(error).__name__}, {Path(place.filename).name}"
        f":{place.lineno}); HELDER_LOG_LEVEL=debug shows all of it."
    )


def _debugging() -> bool:
    try:
        return settings_module.load().log_level == "debug"
    except SettingError:
        return False  # the command itself tells of the wrong setting


if __name__ == "__main__":
    sys.exit(main())
