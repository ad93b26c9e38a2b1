from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from helder.database import connect
from helder.shop.http import HttpShop
from helder.shop.policy import load_policy
from helder.shop.port import ShopBackend
from helder.shop.seed import DemoOrder, demo_orders, seed
from helder.shop.sql import SqlShop
from helder.shop.transport import Patience, Transport

from .server import API_KEY, RunningServer

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=timezone.utc)


class Clock:
    """A time that only moves when told to."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shop") / "filled.db"
    engine = connect(f"sqlite:///{path}")
    assert seed(engine, today=NOW.date())
    engine.dispose()
    return path


@pytest.fixture
def sql_shop(filled: Path, tmp_path: Path, clock: Clock) -> Iterator[SqlShop]:
    path = tmp_path / "shop.db"
    shutil.copy(filled, path)
    engine = connect(f"sqlite:///{path}")
    yield SqlShop(engine, load_policy(), clock=clock, dice=random.Random(1))
    engine.dispose()


@pytest.fixture(scope="session")
def read_only(filled: Path) -> Iterator[SqlShop]:
    """The shop as it was filled, for tests that change nothing."""
    engine = connect(f"sqlite:///{filled}")
    yield SqlShop(engine, load_policy(), clock=Clock())
    engine.dispose()


@pytest.fixture(scope="session")
def running() -> Iterator[RunningServer]:
    server = RunningServer()
    yield server
    server.stop()


@pytest.fixture
def server(running: RunningServer, sql_shop: SqlShop) -> RunningServer:
    running.adapter.shop = sql_shop
    running.adapter.faults.clear()
    running.adapter.requests.clear()
    return running


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def transport(server: RunningServer, pauses: list[float]) -> Iterator[Transport]:
    patience = Patience(connect=10, read=10, total=30, tries=3)
    transport = Transport(
        server.url, API_KEY, patience=patience, sleep=pauses.append, dice=random.Random(1)
    )
    yield transport
    transport.close()


@pytest.fixture
def http_shop(transport: Transport) -> HttpShop:
    return HttpShop(transport)


@pytest.fixture(params=["sql", "http"])
def shop(request: pytest.FixtureRequest) -> ShopBackend:
    """Both implementations of the port, one after the other."""
    found: ShopBackend = request.getfixturevalue(f"{request.param}_shop")
    return found


@pytest.fixture
def demo(sql_shop: SqlShop) -> Callable[[str], DemoOrder]:
    by_name = {each.scenario: each for each in demo_orders(sql_shop)}
    return by_name.__getitem__
