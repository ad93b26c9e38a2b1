"""From what was saved to what the assistant says, with everything on the way told."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from helder import model
from helder.content import check
from helder.settings import Settings
from helder.watch.files import LOOK, Files
from helder.watch.house import House, NotTaken
from helder.watch.trainer import NotTrained, Outdated, Trainer

# What gateway and desk read when they start; the rest of policies/ is read by the actions.
RENEWED = (
    "policies/texts.yml",
    "policies/privacy.yml",
    "policies/desk.yml",
    "policies/retention.yml",
    "policies/consent.yml",
    "policies/opening_hours.yml",
    "policies/notices/",
)
_RESPONSES = "data/responses/"
_SHOWN = 20  # findings


@dataclass(frozen=True)
class Saved:
    """Files that were saved together, by what they ask for."""

    names: Sequence[str]

    @property
    def code(self) -> list[str]:
        """Python, which only a new start reads."""
        return [name for name in self.names if name.endswith(".py")]

    @property
    def policies(self) -> list[str]:
        """What the business decides."""
        return [name for name in self.names if name.startswith("policies/")]

    @property
    def words(self) -> list[str]:
        """What the actions look for in messages."""
        return [name for name in self.names if name.startswith("words/")]

    @property
    def responses(self) -> list[str]:
        """What Helder says."""
        return [name for name in self.names if name.startswith(_RESPONSES)]

    @property
    def learned(self) -> list[str]:
        """What a model is made of, the texts apart."""
        files = ("config.yml", "domain.yml")
        return [
            name
            for name in self.names
            if name in files or (name.startswith("data/") and name not in self.responses)
        ]


class Watcher:
    """Checks what was saved and has the assistant answer by it."""

    def __init__(
        self,
        settings: Settings,
        house: House,
        trainer: Trainer,
        say: Callable[[str], None],
    ) -> None:
        self._settings = settings
        self._project = settings.project
        self._house = house
        self._trainer = trainer
        self._say = say
        self._files = Files(settings.project)
        self._held: set[str] = set()  # saved, but not answered by
        fits = model.fitting_model(settings.project) is not None
        self._made_of = model.fingerprint(settings.project) if fits else ""

    def run(self, goes_on: Callable[[], bool] = lambda: True) -> None:
        """Watch until somebody stops it; what was saved before is checked first."""
        self.take(["data/responses", "data"] if not self._made_of else ["tests/dialogues"])
        while goes_on():
            names = self._files.changed()
            if names:
                self._say(f"  {_listed(names)} saved")
                self.take(names)
            else:
                time.sleep(LOOK)

    def take(self, names: list[str]) -> None:
        """Check what was saved; if nothing is wrong, have it answered by."""
        saved_at = self._files.saved(names)
        if code := Saved(names).code:
            self._say(f"! {_listed(code)}: Python is read at the start; start Helder again")
        content = [name for name in names if not name.endswith(".py")]
        if not content:
            return
        self._held |= set(content)
        begun = time.monotonic()
        findings = check.run(self._project)
        took = time.monotonic() - begun
        if findings:
            self._refuse(findings, took)
            return
        self._say(f"✓ the checks find nothing wrong ({took:.1f} s)")
        try:
            self._bring(Saved(sorted(self._held)), saved_at)
        except Outdated:
            self._say("  saved again meanwhile, so a model is made of that")
        except (NotTaken, NotTrained) as refused:
            self._say(f"✗ {refused}")
            self._say("  Helder goes on with what it had.")
        else:
            self._held.clear()

    def _refuse(self, findings: Sequence[str], took: float) -> None:
        for finding in findings[:_SHOWN]:
            self._say(f"✗ {finding}")
        more = len(findings) - _SHOWN
        if more > 0:
            self._say(f"✗ and {more} more; `make check` shows them all")
        self._say(f"  Helder goes on with what it had ({took:.1f} s).")

    def _bring(self, saved: Saved, at: float) -> None:
        if saved.learned:  # Rasa may refuse it, and then the actions stay as they are, too
            self._learn(at)
        elif saved.policies or saved.words or saved.responses:
            self._house.actions()
        if saved.responses and not saved.learned:
            try:
                self._house.texts()
            except NotTaken:
                pass  # there is a new response, or one less: a model tells
            else:
                self._done("the texts are new", at)
        if saved.policies:
            self._done("the policies are new to its answers", at)
        if saved.words:
            self._done("the words are new to its answers", at)
        renewed = [name for name in saved.policies if name.startswith(RENEWED)]
        if renewed:
            self._house.renew()
            self._done("gateway and desk read the policies anew", at)
        if saved.responses and not saved.learned:
            self._learn(at)

    def _learn(self, at: float) -> None:
        """Make a model of it and have it loaded; texts too, so that it is there after a crash."""
        wanted = model.fingerprint(self._project)
        if wanted == self._made_of:
            self._house.actions()
            return

        def is_outdated() -> bool:
            return self._files.are_newer() and model.fingerprint(self._project) != wanted

        self._say("  a model is being made of it …")
        begun = time.monotonic()
        path = (model.fitting_model(self._project) or self._trainer.make(is_outdated)).resolve()
        trained = time.monotonic() - begun
        if is_outdated():
            raise Outdated
        self._house.actions()
        self._house.model(path)
        self._made_of = wanted
        self._done(f"the model is new (trained in {trained:.1f} s)", at)

    def _done(self, what: str, at: float) -> None:
        self._say(f"✓ {what}: Helder answers by it {max(0, time.time() - at):.1f} s after saving")


def _listed(names: Sequence[str]) -> str:
    shown = [str(Path(name)) for name in names[:3]]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")
