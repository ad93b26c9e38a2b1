"""The account of the customer who signed in: theirs alone, whatever the dialogue believes."""

from __future__ import annotations

from .errors import NotFound
from .gate import Evidence, NotProven, require_order_data
from .model import Customer, CustomerId
from .port import ShopBackend


class OwnAccount:
    """What a conversation may do with an account. An order's proof opens no account: number and
    postcode stand on the label of a parcel; only a signed identity token does (identity.py).

    Each method raises NotGranted without the customer's consent to use their order data.
    """

    def __init__(self, backend: ShopBackend, evidence: Evidence) -> None:
        self._backend = backend
        self._evidence = evidence

    def customer(self) -> Customer | None:
        """Who signed in here; None for nobody, and for one whom the shop no longer knows."""
        try:
            return self._backend.customer(self._mine())
        except (NotProven, NotFound):
            return None

    def set_newsletter(self, subscribed: bool, *, idempotency_key: str) -> Customer:
        """See ShopBackend. Raises NotProven."""
        return self._backend.set_newsletter(
            self._mine(), subscribed, idempotency_key=idempotency_key
        )

    def close(self, *, idempotency_key: str) -> Customer:
        """See ShopBackend.close_account. Raises NotProven."""
        return self._backend.close_account(self._mine(), idempotency_key=idempotency_key)

    def _mine(self) -> CustomerId:
        require_order_data(self._evidence)
        signed_in = self._evidence.customers()
        if len(set(signed_in)) != 1:  # two would be a mistake: neither may decide
            raise NotProven
        return CustomerId(signed_in[0])
