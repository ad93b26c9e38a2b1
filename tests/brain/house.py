"""A project of one's own around the tiny assistant, as Helder's processes start in it."""

from __future__ import annotations

import shutil
from pathlib import Path

from helder import model
from helder.cli import prepare
from helder.settings import PROJECT, Settings
from tests.running import settings_in

TINY = Path(__file__).parent / "tiny"


def build(folder: Path, trained: Path | None = None, **more: str) -> Settings:
    """Its settings, once it is prepared. `more`: text for the end of endpoints, credentials."""
    project = folder / "house"
    shutil.copytree(TINY, project)
    for name in ("endpoints", "credentials"):
        text = (PROJECT / f"{name}.yml").read_text(encoding="utf-8")
        (project / f"{name}.yml").write_text(text + more.get(name, ""), encoding="utf-8")
    fitting = model._model_path(project)
    fitting.parent.mkdir()
    if trained is not None:
        shutil.copy(trained, fitting)
    settings = settings_in(folder / "var", HELDER_PROJECT=str(project))
    prepare(settings)
    return settings
