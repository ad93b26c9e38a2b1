"""The set-up of a fresh clone, with a uv that only notes what it is asked to do."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

UV = """#!{python}
import json, os, pathlib, sys
here = pathlib.Path({here!r})
with (here / "calls").open("a") as calls:
    calls.write(" ".join(sys.argv[1:]) + "\\n")
told = (here / "told").read_text()
words = sys.argv[1:]
if words[0] == "venv":
    venv = pathlib.Path(words[-1])
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to({python!r})
    (venv / "lib" / "python3.10" / "site-packages").mkdir(parents=True)
if words[:2] == ["pip", "sync"] and told == "breaks":
    sys.exit("no network")
if words[0] == "python":
    sys.exit("nothing to be had")
"""

Bootstrap = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone with the parts that the set-up reads, and a PATH with nothing but our uv."""
    house, tools = tmp_path / "house", tmp_path / "tools"
    (house / "requirements").mkdir(parents=True)
    (house / "scripts").mkdir()
    tools.mkdir()
    for kind in ("runtime", "dev"):
        (house / "requirements" / f"{kind}.txt").write_text(f"{kind}==1\n")
    text = (ROOT / "scripts" / "bootstrap.py").read_text(encoding="utf-8")
    version = "{}.{}".format(*sys.version_info)
    text = text.replace('WANTED = "3.10"', f'WANTED = "{version}"')
    (house / "scripts" / "bootstrap.py").write_text(text, encoding="utf-8")
    uv = tools / "uv"
    uv.write_text(UV.format(python=sys.executable, here=str(tmp_path)))
    uv.chmod(0o755)
    (tmp_path / "told").write_text("works")
    return house


@pytest.fixture
def bootstrap(clone: Path) -> Bootstrap:
    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-I", str(clone / "scripts" / "bootstrap.py"), *arguments],
            capture_output=True,
            text=True,
            env={
                "PATH": str(clone.parent / "tools"),
                "PYENV_ROOT": str(clone.parent / "nowhere"),
                "HOME": str(clone.parent),
            },
            timeout=60,
            check=False,
        )

    return run


def calls(clone: Path) -> list[str]:
    """What uv was asked since the last look, apart from who it is."""
    path = clone.parent / "calls"
    if not path.exists():
        return []
    lines = path.read_text().splitlines()
    path.unlink()
    return [" ".join(line.split()[:2]) for line in lines if line != "--version"]


def test_a_fresh_clone_gets_an_environment_and_the_helder_command(
    clone: Path, bootstrap: Bootstrap
) -> None:
    done = bootstrap("runtime")
    assert done.returncode == 0, done.stderr
    assert calls(clone)[-2:] == ["venv --quiet", "pip sync"]
    packages = next((clone / ".venv" / "lib").glob("python*")) / "site-packages"
    assert (packages / "helder.pth").read_text() == f"{clone}\n"
    assert os.access(clone / ".venv" / "bin" / "helder", os.X_OK)


def test_packages_are_installed_by_their_hashes(clone: Path, bootstrap: Bootstrap) -> None:
    bootstrap("dev")
    (line,) = [
        line
        for line in (clone.parent / "calls").read_text().splitlines()
        if line.startswith("pip sync")
    ]
    assert "--require-hashes" in line
    assert line.endswith("requirements/dev.txt")


def test_a_second_call_does_nothing(clone: Path, bootstrap: Bootstrap) -> None:
    bootstrap("runtime")
    calls(clone)
    done = bootstrap("runtime")
    assert (done.returncode, done.stderr, calls(clone)) == (0, "", [])


def test_changed_requirements_are_installed(clone: Path, bootstrap: Bootstrap) -> None:
    bootstrap("runtime")
    calls(clone)
    (clone / "requirements" / "runtime.txt").write_text("runtime==2\n")
    bootstrap("runtime")
    assert calls(clone) == ["pip sync"]


def test_the_tools_of_the_tests_come_on_top_and_stay(clone: Path, bootstrap: Bootstrap) -> None:
    bootstrap("runtime")
    bootstrap("dev")
    calls(clone)
    bootstrap("runtime")
    assert calls(clone) == []
    (clone / "requirements" / "dev.txt").write_text("dev==2\n")
    bootstrap("runtime")
    assert "requirements/dev.txt" in (clone.parent / "calls").read_text()


def test_what_was_interrupted_is_repaired_by_the_next_run(
    clone: Path, bootstrap: Bootstrap
) -> None:
    (clone.parent / "told").write_text("breaks")
    done = bootstrap("runtime")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("The packages could not be installed")
    (clone.parent / "told").write_text("works")
    calls(clone)
    assert bootstrap("runtime").returncode == 0
    assert calls(clone) == ["pip sync"]


@pytest.mark.parametrize("mark", ["", "{", "[]", '{"kind": "other"}'])
def test_a_damaged_mark_is_repaired(clone: Path, bootstrap: Bootstrap, mark: str) -> None:
    bootstrap("runtime")
    (clone / ".venv" / ".helder.json").write_text(mark)
    calls(clone)
    assert bootstrap("runtime").returncode == 0
    assert calls(clone) == ["pip sync"]


def test_an_environment_whose_python_is_gone_is_made_anew(
    clone: Path, bootstrap: Bootstrap
) -> None:
    bootstrap("runtime")
    (clone / ".venv" / "bin" / "python").unlink()
    calls(clone)
    assert bootstrap("runtime").returncode == 0
    assert "venv --quiet" in calls(clone)


def test_an_environment_that_was_moved_is_made_anew(clone: Path, bootstrap: Bootstrap) -> None:
    bootstrap("runtime")
    mark = clone / ".venv" / ".helder.json"
    mark.write_text(mark.read_text().replace(str(clone), "/elsewhere"))
    calls(clone)
    assert bootstrap("runtime").returncode == 0
    assert "venv --quiet" in calls(clone)


def test_an_environment_that_is_a_link_is_left_to_whom_it_belongs(
    clone: Path, bootstrap: Bootstrap, tmp_path: Path
) -> None:
    bootstrap("runtime")
    theirs = tmp_path / "theirs"
    (clone / ".venv").rename(theirs)
    (clone / ".venv").symlink_to(theirs)
    (clone / "requirements" / "runtime.txt").write_text("changed==1\n", encoding="utf-8")
    mark = (theirs / ".helder.json").read_text()
    done = bootstrap("runtime")
    assert done.returncode == 1
    assert done.stderr.startswith(f".venv is a link to {theirs}, which may belong to another")
    assert (theirs / ".helder.json").read_text() == mark


def test_without_the_right_python_one_sentence_says_so(clone: Path, bootstrap: Bootstrap) -> None:
    script = clone / "scripts" / "bootstrap.py"
    text = script.read_text(encoding="utf-8")
    wanted = "{}.{}".format(*sys.version_info)
    script.write_text(text.replace(f'WANTED = "{wanted}"', 'WANTED = "3.99"'), encoding="utf-8")
    done = bootstrap("runtime")
    assert done.returncode == 1
    assert done.stdout == ""
    fetching, sentence = done.stderr.splitlines()
    assert fetching == "Fetching Python 3.99 …"
    assert sentence.startswith("Helder needs Python 3.99, which is not here and could not be")


def test_without_a_browser_one_sentence_says_so(bootstrap: Bootstrap) -> None:
    done = bootstrap("browser")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "need Chromium" in done.stderr


def test_a_browser_that_is_there_is_enough(clone: Path, bootstrap: Bootstrap) -> None:
    browser = clone.parent / "tools" / "chromium"
    browser.touch(mode=0o755)
    assert bootstrap("browser").returncode == 0


def test_without_postgresql_one_sentence_says_that_it_is_not_tested(
    clone: Path, bootstrap: Bootstrap
) -> None:
    script = clone / "scripts" / "bootstrap.py"
    text = script.read_text(encoding="utf-8")
    assert text.count('"/usr/lib/postgresql"') == 1
    script.write_text(text.replace('"/usr/lib/postgresql"', '"/nowhere"'), encoding="utf-8")
    done = bootstrap("postgresql")
    assert done.returncode == 0
    assert len(done.stderr.splitlines()) == 1
    assert "nothing will be tested on it" in done.stderr


def test_a_postgresql_that_is_there_is_enough(clone: Path, bootstrap: Bootstrap) -> None:
    (clone.parent / "tools" / "initdb").touch(mode=0o755)
    done = bootstrap("postgresql")
    assert (done.returncode, done.stderr) == (0, "")


def test_an_unknown_task_is_answered_with_the_known_ones(bootstrap: Bootstrap) -> None:
    done = bootstrap("everything")
    assert done.returncode == 2
    assert "bootstrap.py runtime|dev" in done.stderr


def test_no_file_of_the_set_up_names_where_packages_come_from() -> None:
    files = [*ROOT.glob("scripts/**/*.py"), *ROOT.glob("requirements/*"), ROOT / "Makefile"]
    for path in [*files, ROOT / ".ci" / "run"]:
        text = path.read_text(encoding="utf-8")
        assert "://" not in text, path
        assert "--index-url" not in text.replace("--no-emit-index-url", ""), path


def test_every_pinned_package_has_a_hash() -> None:
    for kind in ("runtime", "dev"):
        text = (ROOT / "requirements" / f"{kind}.txt").read_text(encoding="utf-8")
        pins = [pin for pin in text.replace("\\\n", " ").splitlines() if pin.strip()]
        assert pins
        assert all("==" in pin and "--hash=sha256:" in pin for pin in pins)


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_alone_lists_every_command() -> None:
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    listed = [line.split()[1] for line in done.stdout.splitlines()]
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = next(line for line in text.splitlines() if line.startswith(".PHONY:"))
    assert listed == phony.split()[1:]
