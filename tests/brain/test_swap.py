"""A model is loaded without reading again what is the same in the one before."""

from __future__ import annotations

import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from rasa.engine.loader import load_predict_graph_runner
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.core.domain import Domain

from helder.brain.swap import Domains


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders whose domain is really read, while models are loaded as `helder watch` does."""
    found: list[Path] = []

    def read(folder: Path) -> Domain:
        found.append(folder)
        return Domain.from_path(folder)

    monkeypatch.setattr(DomainProvider, "load", Domains(read).load)
    return found


def loaded(model: Path) -> Domain:
    """The domain that Rasa is given with this model."""
    with TemporaryDirectory() as folder:
        _, runner = load_predict_graph_runner(
            Path(folder), model, LocalModelStorage, DaskGraphRunner
        )
        found = runner.run(targets=["domain_provider"])["domain_provider"]
    assert isinstance(found, Domain)
    return found


def with_another_greeting(model: Path, folder: Path) -> Path:
    """The same model, whose domain says something else."""
    inside, made = folder / "inside", folder / "other.tar.gz"
    with tarfile.open(model) as archive:
        archive.extractall(inside)
    (path,) = inside.rglob("domain.yml")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Hello!", "Good day!"), encoding="utf-8")
    with tarfile.open(made, "w:gz") as archive:
        archive.add(inside, arcname="")
    return made


def test_the_same_domain_is_read_once(tiny_model: Path, reads: list[Path]) -> None:
    first, second = loaded(tiny_model), loaded(tiny_model)
    assert len(reads) == 1
    assert first.as_dict() == second.as_dict()


def test_texts_that_were_swapped_stay_with_the_model_that_says_them(
    tiny_model: Path, reads: list[Path]
) -> None:
    loaded(tiny_model).responses = {"utter_hello": [{"text": "Ahoy!"}]}
    assert "Ahoy!" not in str(loaded(tiny_model).responses)
    assert len(reads) == 1


def test_another_domain_is_read(tiny_model: Path, reads: list[Path], tmp_path: Path) -> None:
    loaded(tiny_model)
    other = loaded(with_another_greeting(tiny_model, tmp_path))
    assert len(reads) == 2
    assert "Good day!" in str(other.responses)
