"""A whole run: the dialogue is recorded, then both stores are measured on each database."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from statistics import mean

from bench.machine import Disk, Noise
from bench.ours import Ours
from bench.progress import Progress
from bench.store.databases import Database
from bench.store.dialogue import Dialogue
from bench.store.figures import OfDatabase, StoreFigures
from bench.store.measure import Tick, grow, look_inside, take_turns
from bench.store.plan import Plan, group
from bench.store.postgres import Unavailable, postgres
from bench.store.recording import record
from bench.store.setup import stores
from bench.store.sqlite import sqlite
from bench.store.stores import HelderStore, StockStore

# By name; each is given a folder.
SERVED: dict[str, Callable[[Path], AbstractContextManager[Database]]] = {
    "sqlite": sqlite,
    "postgresql": postgres,
}


async def run(
    folder: Path, names: tuple[str, ...], plan: Plan, figures: StoreFigures, progress: Progress
) -> None:
    """Measure on each database that is here, and tell which is not."""
    with progress.step("recording a dialogue with Helder"):
        ours = Ours.in_folder(folder / "helder", folder / "logs")
        domain, dialogue = await record(ours)
    figures.dialogue = facts(dialogue)
    noise, disk = Noise(), Disk(folder)

    def beside() -> None:
        noise.sample()
        disk.sample()

    for name in names:
        try:
            with SERVED[name](folder / name) as database:
                var = folder / name / "var"
                with stores(database, var, domain, dialogue) as pair:
                    of = await _measure(database, pair, plan, progress, beside)
        except Unavailable as reason:
            figures.missing[name] = str(reason)
            progress.note(str(reason))
        else:
            figures.databases[name] = of
    figures.machine_noise, figures.fsync = noise.factor(), disk.spread()


def facts(dialogue: Dialogue) -> dict[str, float]:
    """What the dialogue is like: how many turns, and events a turn."""
    return {
        "turns": len(dialogue.turns),
        "events_per_turn": mean(len(turn.events) for turn in dialogue.turns),
    }


async def _measure(
    database: Database,
    pair: tuple[StockStore, HelderStore],
    plan: Plan,
    progress: Progress,
    beside: Tick,
) -> OfDatabase:
    """All of it on one database; `beside` is called after every turn that is timed."""
    stock, helder = pair
    engines = (stock.store.engine, helder.store.log.engine)
    (durability,) = {database.durability(engine) for engine in engines}
    found, grown = OfDatabase(database.title, durability), {}
    groups = [group(length, plan) for length in plan.lengths]
    for store in pair:
        name = f"{database.title}: growing conversations, {store.name}"
        with progress.bar(name, sum(each.turns for each in groups)) as tick:
            grown[store.name] = await grow(store, database, plan, tick)
        found.fill_sizes(store.name, grown[store.name])
    timed = len(pair) * len(groups) * plan.samples
    with progress.bar(f"{database.title}: timing turns", timed) as tick:

        def measured() -> None:
            beside()
            tick()

        found.fill_times(await take_turns(grown, plan, measured))
    more = len(groups) * plan.inside
    with progress.bar(f"{database.title}: what is in a turn of Helder's", more) as tick:
        found.inside = await look_inside(grown[helder.name], plan, tick)
    return found
