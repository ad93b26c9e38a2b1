"""The written list of mistakes that designers make (mistakes.yml), and planting one of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
LIST = Path(__file__).with_name("mistakes.yml")


@dataclass(frozen=True)
class Mistake:
    """One mistake, and what must be said about it; mistakes.yml explains the fields."""

    file: str
    says: str = ""
    old: str = ""
    new: str = ""
    at: str = ""
    where: str = ""
    also: tuple[str, ...] = ()
    removed: bool = False
    encoding: str = "utf-8"

    @contextmanager
    def planted(self, project: Path) -> Iterator[None]:
        """The project with this mistake, and without it again."""
        path = project / self.file
        before = path.read_text(encoding="utf-8") if path.exists() else None
        if self.removed:
            path.unlink()
        else:
            assert self.old in (before or ""), f"{self.old!r} is not in {self.file}"
            text = (before or "").replace(self.old, self.new, 1)
            path.write_text(text, encoding=self.encoding, errors="replace")
        yield
        if before is None:
            path.unlink()
        else:
            path.write_text(before, encoding="utf-8")

    def place(self, project: Path) -> str:
        """File and line of the finding."""
        return f"{self.where or self.file}:{self._line(project)}"

    def _line(self, project: Path) -> int:
        if self.at == "^":
            return 1
        path = project / (self.where or self.file)
        lines = path.read_text(encoding=self.encoding).splitlines()
        first = 0 if self.where else _first_change(ROOT / self.file, lines)
        found = (n for n, line in enumerate(lines[first:], first + 1) if self.at in line)
        return next(found, 0)


def _first_change(path: Path, lines: list[str]) -> int:
    before = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    same = takewhile(lambda pair: pair[0] == pair[1], zip(before, lines, strict=False))
    return len(list(same))


def mistakes() -> dict[str, Mistake]:
    """All of the list, by name."""
    found = YAML(typ="safe").load(LIST)
    return {
        name: Mistake(**{**fields, "also": tuple(fields.get("also", ()))})
        for name, fields in found.items()
    }
