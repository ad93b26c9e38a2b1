"""Digits that may belong together: a run of groups, with only signs and blanks between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from helder.masking.kinds import MASK

# As many signs may stand between two groups of a run: ` - `, `", "`, a line break and a dash.
_RUN = re.compile(rf"\d(?:(?:[^\w{MASK}]|_){{0,6}}\d)*")
_GROUP = re.compile(r"\d+")


class Group(NamedTuple):
    """Digits without anything between them, at text[start:end]."""

    start: int
    end: int
    digits: str


class Window(NamedTuple):
    """Some neighbouring groups of a run: from number `first` to `last`."""

    run: list[Group]
    first: int
    last: int

    @property
    def start(self) -> int:
        """Where its first digit stands."""
        return self.run[self.first].start

    @property
    def end(self) -> int:
        """Behind its last digit."""
        return self.run[self.last].end

    @property
    def digits(self) -> str:
        """All of its digits."""
        return "".join(group.digits for group in self.run[self.first : self.last + 1])

    @property
    def sizes(self) -> list[int]:
        """How long its groups are."""
        return [len(group.digits) for group in self.run[self.first : self.last + 1]]

    @property
    def is_whole(self) -> bool:
        """Is it all of its run?"""
        return self.first == 0 and self.last == len(self.run) - 1

    def ends_alone(self, size: int) -> bool:
        """Is the group before it, and the one after it, of another size?"""
        return self.begins_alone(size) and self.stops_alone(size)

    def begins_alone(self, size: int) -> bool:
        """Is the group before it of another size?"""
        return self.first == 0 or len(self.run[self.first - 1].digits) != size

    def stops_alone(self, size: int) -> bool:
        """Is the group after it of another size?"""
        return self.last + 1 == len(self.run) or len(self.run[self.last + 1].digits) != size


def runs(text: str, least: int) -> Iterator[list[Group]]:
    """The runs of at least so many digits."""
    for found in _RUN.finditer(text):
        if found.end() - found.start() < least:
            continue
        run = [Group(*g.span(), g[0]) for g in _GROUP.finditer(text, *found.span())]
        if sum(len(group.digits) for group in run) >= least:
            yield run


def windows(run: list[Group], least: int, most: int) -> Iterator[Window]:
    """Every choice of neighbouring groups with so many digits together."""
    for first in range(len(run)):
        size = 0
        for last in range(first, len(run)):
            size += len(run[last].digits)
            if size > most:
                break
            if size >= least:
                yield Window(run, first, last)
