"""The same days with other groups: whatever is then different, belonging to a group did it."""

from __future__ import annotations

from collections.abc import Sequence

from bench.queue.simulate import Choice, simulate
from bench.queue.world import Day, all_bilingual, mirrored, regrouped
from helder.handoff.able import next_for
from helder.handoff.priority import Priority


def swaps(
    days: Sequence[Day], priority: Priority, seed: int, choose: Choice = next_for
) -> dict[str, bool]:
    """Did anything come out differently: who was taken by whom and when, orders, waits told?

    Languages are swapped in two ways, since an agent who does not speak one is a difference that
    must count: everybody's at once, agents too; and customers' anew where all agents speak both.
    """

    def digest(of: Sequence[Day]) -> str:
        return simulate(of, priority, seed, choose).digest

    plain = digest(days)
    both = [all_bilingual(day) for day in days]
    anew = [regrouped(day, seed + n, language=False) for n, day in enumerate(days)]
    spoken = [regrouped(day, seed + n, language=True) for n, day in enumerate(both)]
    return {
        "names, channels, places, spending drawn anew": digest(anew) != plain,
        "English for Dutch, agents too": digest([mirrored(day) for day in days]) != plain,
        "languages too, all agents speak both": digest(spoken) != digest(both),
    }
