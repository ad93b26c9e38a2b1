"""What the business decided about cancelling and returning: policies/*.yml, read strictly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .model import OrderState

POLICIES = Path(__file__).resolve().parents[2] / "policies"


# The longest that paying back may take (Directive 2011/83/EU art. 13(1); UK SI 2013/3134 reg. 34).
PAY_BACK_DAYS = 14
# The states in which cancelling may be free, the furthest first.
_CANCELLABLE = (OrderState.PACKED, OrderState.PAID, OrderState.OPEN)


class PolicyError(ValueError):
    """A policy that cannot be used; the message names the file and the line to mend."""


@dataclass(frozen=True)
class ShopPolicy:
    """The numbers that `rules` works with."""

    window_days: int
    send_within_days: int
    guarantee_years: int
    not_returnable: frozenset[str]
    free_while: frozenset[OrderState]

    @property
    def free_until(self) -> OrderState | None:
        """The last state in which an order can be cancelled, free of charge; None for never."""
        return next((state for state in _CANCELLABLE if state in self.free_while), None)


def load_policy(folder: Path = POLICIES) -> ShopPolicy:
    """Read returns.yml and cancellation.yml. Keys that other readers need are left alone.

    Raises:
        PolicyError: a file or a key is missing, or a value cannot be used.
    """
    returns, cancellation = folder / "returns.yml", folder / "cancellation.yml"
    data = _read(returns)
    return ShopPolicy(
        # Less than 14 days would be against the law (Directive 2011/83/EU art. 9).
        window_days=_number(returns, data, "window_days", least=14),
        send_within_days=_number(returns, data, "send_within_days", least=1),
        guarantee_years=_number(returns, data, "guarantee_years", least=0),
        not_returnable=frozenset(_words(returns, data, "not_returnable")),
        free_while=_states(cancellation, _read(cancellation)),
    )


def _read(path: Path) -> Mapping[str, Any]:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError:
        raise PolicyError(f"The policy {path} cannot be read.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PolicyError(f"The policy {path} is not valid YAML: {error}") from None
    if not isinstance(data, dict):
        raise PolicyError(f"The policy {path} must be a list of names with values.")
    return data


def _value(path: Path, data: Mapping[str, Any], key: str) -> Any:
    if key not in data:
        raise PolicyError(f"The policy {path} must say {key}.")
    return data[key]


def _number(path: Path, data: Mapping[str, Any], key: str, least: int) -> int:
    value = _value(path, data, key)
    if type(value) is not int or not least <= value <= 10_000:
        raise PolicyError(f"In {path}, {key} must be a whole number of {least} or more.")
    return value


def _words(path: Path, data: Mapping[str, Any], key: str) -> list[str]:
    value = _value(path, data, key)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise PolicyError(f"In {path}, {key} must be a list of words.")
    return value


def _states(path: Path, data: Mapping[str, Any]) -> frozenset[OrderState]:
    allowed = {state.value for state in (OrderState.OPEN, OrderState.PAID, OrderState.PACKED)}
    words = _words(path, data, "free_while")
    for word in words:
        if word not in allowed:
            raise PolicyError(f"In {path}, free_while cannot be {word!r}: open, paid or packed.")
    return frozenset(OrderState(word) for word in words)
