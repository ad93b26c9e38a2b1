"""Every version that ever decided, by its digest, so that what it decided can be replayed.

A file for each, written once, beside the database. A policy holds no personal data, is the same for
everybody and small, so it is neither in each record nor under the keys that erasure destroys; the
digest in the (encrypted) record binds the two.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from helder.decisions.errors import PolicyError, PolicyLost
from helder.decisions.facts import Catalogue
from helder.decisions.policy import Version
from helder.decisions.reading import version_from
from helder.decisions.record import Decision


class Archive:
    """Versions in a folder, which is made when the first is kept."""

    def __init__(self, folder: Path, facts: Catalogue) -> None:
        self._folder = folder
        self._facts = facts

    def keep(self, versions: Iterable[Version]) -> None:
        """Keep those that are not there yet. What is there is never written again."""
        for version in versions:
            path = self._path(version.digest)
            if not path.exists():
                self._folder.mkdir(parents=True, exist_ok=True)
                half = path.with_suffix(".part")
                half.write_text(version.text, encoding="utf-8")
                half.replace(path)  # another process writes the same bytes

    def find(self, decision: Decision) -> Version:
        """The version that decided. Raises PolicyLost: it is not there, or not as it was."""
        lost = f"The version {decision.version} of {decision.policy} that decided is not here"
        try:
            text = self._path(decision.digest).read_text(encoding="utf-8")
            version = version_from(json.loads(text), self._facts)
        except OSError:
            raise PolicyLost(f"{lost} any more.") from None
        except (PolicyError, ValueError, KeyError) as error:
            raise PolicyLost(f"{lost} as it was ({type(error).__name__}).") from None
        if version.digest != decision.digest:
            raise PolicyLost(f"{lost} as it was.")
        return version

    def _path(self, digest: str) -> Path:
        return self._folder / f"{digest}.json"
