"""One scene for all attacks of a module: each leaves it as it found it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.attacks.judge import Judge
from tests.attacks.scene import Scene, build


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("scene")
    made = build(folder, f"sqlite:///{folder / 'helder.db'}")
    yield made
    made.attacker.close()
    made.engine.dispose()


@pytest.fixture(scope="module")
def judge(scene: Scene) -> Judge:
    return Judge(scene)
