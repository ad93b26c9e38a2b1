"""The model: found when it fits its sources, trained when none does, and never half-way."""

import os
from pathlib import Path

import pytest

from helder import model, settings

TRAINER = """
import pathlib, sys
folder, name = sys.argv[1:3]
print("progress\\tStarting to train", flush=True)
print("something that Rasa prints")
print("warning\\t\\x1b[93mintent goodbye has one example\\x1b[0m")
behaviour = pathlib.Path("behaviour").read_text()
if behaviour == "error":
    print("error\\tInvalidRule: two rules contradict"); sys.exit(1)
if behaviour == "crash":
    sys.exit("\\x1b[91mUnresolved slots found in stories/rules\\x1b[0m")
if behaviour == "works":
    (pathlib.Path(folder) / name).write_text("forced" if "--force" in sys.argv else "model")
"""


@pytest.fixture
def house(tmp_path: Path) -> settings.Settings:
    """A small project; its trainer, which Python finds first there, does as it is told."""
    for name, text in {
        "config.yml": "language: en",
        "domain.yml": "version: 3.1",
        "data/nlu/en/orders.yml": "nlu: []",
        "helder/__init__.py": "",
        "helder/brain/__init__.py": "",
        "helder/brain/train.py": TRAINER,
        "helder/brain/policy.py": "",
        "helder/understanding/hybrid.py": "",
        "requirements/runtime.txt": "rasa==3.6.21",
        "behaviour": "works",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return settings.load({"HELDER_PROJECT": str(tmp_path)})


def quiet(_line: str) -> None:
    return None


def test_without_a_model_none_fits_and_after_training_one_does(house: settings.Settings) -> None:
    assert model.fitting_model(house.project) is None
    made = model.train(house, quiet)
    assert model.fitting_model(house.project) == made
    assert made.name == f"helder-{model.fingerprint(house.project)}.tar.gz"
    card = made.with_name(made.name.replace(".tar.gz", ".json"))
    assert sorted(made.parent.iterdir()) == [card, made]


@pytest.mark.parametrize(
    "source",
    [
        "config.yml",
        "domain.yml",
        "data/nlu/en/orders.yml",
        "data/rules/new.yml",
        "helder/understanding/hybrid.py",
        "helder/brain/policy.py",
        "requirements/runtime.txt",
    ],
)
def test_a_model_does_not_fit_once_a_source_has_changed(
    house: settings.Settings, source: str
) -> None:
    before = model.fingerprint(house.project)
    path = house.project / source
    path.parent.mkdir(exist_ok=True)
    path.write_text("changed")
    assert model.fingerprint(house.project) != before


def test_a_renamed_source_changes_the_fingerprint_and_a_touched_one_does_not(
    house: settings.Settings,
) -> None:
    before = model.fingerprint(house.project)
    path = house.project / "data/nlu/en/orders.yml"
    os.utime(path, (1, 1))
    assert model.fingerprint(house.project) == before
    path.rename(path.with_name("returns.yml"))
    assert model.fingerprint(house.project) != before


def test_what_is_no_source_leaves_the_model_fitting(house: settings.Settings) -> None:
    made = model.train(house, quiet)
    cache = house.project / "helder/understanding/__pycache__/hybrid.cpython-310.pyc"
    cache.parent.mkdir()
    cache.write_bytes(b"x")
    (house.project / "README.md").write_text("x")
    assert model.fitting_model(house.project) == made


def test_training_tells_how_far_it_is_and_what_rasa_warns_of(house: settings.Settings) -> None:
    said: list[str] = []
    warned: list[str] = []
    model.train(house, said.append, warn=warned.append)
    assert said == ["Starting to train"]
    assert warned == ["intent goodbye has one example"]


@pytest.mark.parametrize(
    ("behaviour", "sentence"),
    [
        ("error", "The training failed. InvalidRule: two rules contradict"),
        ("crash", "Unresolved slots found in stories/rules"),
        ("nothing", "without a model"),
    ],
)
def test_a_failing_training_tells_why_and_keeps_the_old_model(
    house: settings.Settings, behaviour: str, sentence: str
) -> None:
    made = model.train(house, quiet)
    (house.project / "behaviour").write_text(behaviour)
    with pytest.raises(model.TrainingFailed) as error:
        model.train(house, quiet, force=True)
    assert sentence in str(error.value)
    assert "\x1b" not in str(error.value)
    assert made.read_text() == "model"
    assert list(made.parent.glob("*.tar.gz")) == [made]


def test_force_trains_anew_without_the_cache(house: settings.Settings) -> None:
    cache = house.project / ".rasa" / "cache"
    cache.mkdir(parents=True)
    assert model.train(house, quiet, force=True).read_text() == "forced"
    assert not cache.exists()


def test_only_the_last_models_are_kept(house: settings.Settings) -> None:
    folder = house.project / "models"
    folder.mkdir()
    for age in range(1, 6):
        old = folder / f"helder-{age}.tar.gz"
        old.touch()
        os.utime(old, (1000 - age, 1000 - age))
    (folder / "mine.tar.gz").touch()
    made = model.train(house, quiet)
    kept = {path.name for path in folder.glob("*.tar.gz")}
    assert [path.stem for path in folder.glob("*.json")] == [made.name.removesuffix(".tar.gz")]
    assert kept == {made.name, "helder-1.tar.gz", "helder-2.tar.gz", "mine.tar.gz"}


def test_a_missing_source_is_named(house: settings.Settings) -> None:
    (house.project / "domain.yml").unlink()
    with pytest.raises(model.TrainingFailed, match=r"domain\.yml is missing"):
        model.train(house, quiet)
