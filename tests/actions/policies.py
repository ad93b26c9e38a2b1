"""Policies as a test wants them: those of the house with one passage changed."""

from __future__ import annotations

import shutil
from pathlib import Path

from helder.shop.policy import POLICIES, ShopPolicy, load_policy


def changed(folder: Path, file: str, old: str, new: str) -> ShopPolicy:
    """The policies after `old` became `new` in one file."""
    for path in POLICIES.glob("*.yml"):
        if not (folder / path.name).exists():
            shutil.copy(path, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text, old
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return load_policy(folder)


def cancelling(folder: Path, free: str, fee: str | None = None) -> ShopPolicy:
    """Orders in these states are cancelled free of charge, and packed ones for a fee."""
    policy = changed(folder, "cancellation.yml", "is one of open, paid", f"is one of {free}")
    if fee is None:
        return policy
    packed = "order_state is packed\n        then: "
    allowed = f"{packed}allow\n        fee: {fee}"
    return changed(folder, "cancellation.yml", f"{packed}refuse", allowed)


def never_cancelling(folder: Path) -> ShopPolicy:
    """No order may be cancelled."""
    rule = "order_state is one of open, paid\n        then: "
    return changed(folder, "cancellation.yml", f"{rule}allow", f"{rule}refuse")


def cancelling_packed_free(folder: Path) -> ShopPolicy:
    """Orders are cancelled free of charge until they are sent."""
    packed = "order_state is packed\n        then: "
    return changed(folder, "cancellation.yml", f"{packed}refuse", f"{packed}allow")
