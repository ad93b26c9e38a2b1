"""Orders made up from stories: rows for every table, the same for the same seed and day."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from .catalogue import catalogue
from .model import (
    Customer,
    DeliveryState,
    OrderState,
    PaymentMethod,
    PaymentState,
    RefundCause,
    RefundState,
    ReturnReason,
    ReturnState,
)
from .rows import address_columns
from .rules import SHOP_ZONE
from .stories import Story

Row = dict[str, Any]

_VAT = {"NL": 21, "BE": 21, "GB": 20}
_METHODS = {
    "NL": (PaymentMethod.IDEAL, PaymentMethod.IDEAL, PaymentMethod.CARD, PaymentMethod.PAYPAL),
    "BE": (PaymentMethod.BANCONTACT, PaymentMethod.BANCONTACT, PaymentMethod.CARD),
    "GB": (PaymentMethod.CARD, PaymentMethod.CARD, PaymentMethod.PAYPAL),
}
_DEPOTS = {"NL": "Nieuwegein", "BE": "Willebroek", "GB": "Warrington"}
_WINDOWS = {"standard": ("12:00", "16:00"), "evening": ("17:30", "22:00")}
_KEPT = frozenset({"made_to_measure", "gift_cards"})  # not taken back, so not in a made-up return


@dataclass
class Generator:
    """Collects rows per table in `rows`. `today` is a day in the shop's time zone."""

    seed: int
    today: date
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self._dice = random.Random(f"orders {self.seed}")  # noqa: S311  # nothing here is secret
        self._numbers: set[int] = set()
        data = catalogue()
        self._products: list[Row] = data["products"]
        self._options: list[Row] = data["delivery_options"]

    def order(self, customer: Customer, story: Story) -> str:
        """Tell one story of one customer. The answer is the order's number."""
        dice, country = self._dice, customer.address.country
        number = self._number()
        option = dice.choice([each for each in self._options if each["country"] == country])
        lines = self._lines(number, option["currency"], story)
        goods = sum(line["quantity"] * line["unit_price"] for line in lines)
        free_from = option["free_from"]
        shipping = 0 if free_from is not None and goods >= free_from else option["price"]
        order: Row = {
            "number": number,
            "customer": customer.id,
            "state": story.state.value,
            "email": customer.email,
            **address_columns(customer.address),
            "delivery_option": option["code"],
            "currency": option["currency"],
            "shipping": shipping,
            "total": goods + shipping,
            **self._times(story, country, option),
        }
        self.rows["orders"].append(order)
        self._parcels(order, story, option, lines)
        self.rows["order_lines"] += lines
        self._money(order, story, country)
        if story.returned:
            self._return(order, story, lines)
        return number

    def _number(self) -> str:
        while True:
            number = self._dice.randrange(100_000, 1_000_000)
            if number not in self._numbers:
                self._numbers.add(number)
                return f"HD-{number}"

    def _lines(self, number: str, currency: str, story: Story) -> list[Row]:
        dice = self._dice
        count = max(2 if len(story.parcels) > 1 else 1, dice.choices((1, 2, 3, 4), (4, 4, 2, 1))[0])
        if story.name == "delivered_5_days_ago":
            count = 3  # the demo shows how to choose what goes back
        # The first line can always be returned.
        first = dice.choice([each for each in self._products if each["category"] not in _KEPT])
        chosen = [first, *dice.sample([p for p in self._products if p is not first], count - 1)]
        return [
            {
                "id": f"{number}-{position}",
                "order": number,
                "position": position,
                "sku": product["sku"],
                "name_nl": product["nl"],
                "name_en": product["en"],
                "category": product["category"],
                "quantity": dice.choices((1, 2, 3), (7, 2, 1))[0],
                "unit_price": product[currency.lower()],
                "tracking": None,
            }
            for position, product in enumerate(chosen, start=1)
        ]

    def _at(self, ago: int, clock: str, spread: int = 0) -> datetime:
        """A time `ago` days before today, HH:MM on the shop's clock, up to `spread` minutes on."""
        hour, minute = map(int, clock.split(":"))
        day = self.today - timedelta(days=ago)
        moment = datetime.combine(day, time(hour, minute), SHOP_ZONE).astimezone(timezone.utc)
        return moment + timedelta(minutes=self._dice.randint(0, spread))

    def _times(self, story: Story, country: str, option: Row) -> Row:
        """When it was placed, paid, packed … An hour that has not come today is never used."""
        travel = self._dice.randint(2, 4 if country == "GB" else 2)
        shipped_ago = max(1, story.ago + travel)
        if len(story.parcels) > 1:
            shipped_ago = max(1, story.ago) + travel + 1  # the first one came a day earlier
        placed_ago = shipped_ago + 1 if story.parcels else story.ago
        placed = self._at(placed_ago, "09:30", 11 * 60)
        planned = max(0, story.ago) if story.parcels else placed_ago - option["days"][1]
        if story.ago < 0:
            planned = story.ago
        times: Row = {"placed_at": placed, "promised_on": self.today - timedelta(days=planned)}
        times["paid_at"] = placed + timedelta(minutes=self._dice.randint(1, 9))
        times["packed_at"] = self._at(shipped_ago, "10:00", 240)
        times["shipped_at"] = self._at(shipped_ago, "16:45", 75)
        times["delivered_at"] = None
        times["cancelled_at"] = placed + timedelta(minutes=self._dice.randint(15, 160))
        return times | dict.fromkeys(_never(story))

    def _parcels(self, order: Row, story: Story, option: Row, lines: list[Row]) -> None:
        arrivals = []
        for position, state in enumerate(story.parcels):
            code = f"KD{self._dice.randrange(10**9, 10**10)}{option['country']}"
            first_of_two = len(story.parcels) > 1 and position == 0
            ago = max(1, story.ago + 1) if first_of_two else story.ago
            # What is out today comes in the evening: an afternoon would be over half the day.
            late = option["code"].endswith("evening") or state is DeliveryState.OUT_FOR_DELIVERY
            window = _WINDOWS["evening" if late else "standard"]
            due = {DeliveryState.DELAYED: -2, DeliveryState.ATTEMPTED: -1}.get(state, ago)
            known = state not in {DeliveryState.SENT_BACK, DeliveryState.AT_PICKUP_POINT}
            known = known and story.name != "very_late"
            row = {"tracking": code, "order": order["number"], "position": position}
            row |= {"carrier": option["carrier"], "state": state.value}
            row |= {"tracking_url": f"https://kade.example/track/{code}"}
            row["expected_from"] = self._at(due, window[0]) if known else None
            row["expected_to"] = self._at(due, window[1]) if known else None
            self.rows["deliveries"].append(row)
            arrivals.append(self._events(order, code, state, ago, option["country"]))
            for index, line in enumerate(lines):
                if index % len(story.parcels) == position:
                    line["tracking"] = code
        if story.state is OrderState.DELIVERED:
            order["delivered_at"] = max(arrivals)

    def _events(
        self, order: Row, code: str, state: DeliveryState, ago: int, country: str
    ) -> datetime:
        """What the carrier reported of a parcel. The answer is when the last step was."""
        depot, city = _DEPOTS[country], order["city"]
        minutes = timedelta(minutes=20)
        steps = [(DeliveryState.ANNOUNCED, order["packed_at"] + minutes, "Kade, Almere")]
        if state is not DeliveryState.ANNOUNCED:
            shipped = order["shipped_at"] + timedelta(hours=3)
            steps.append((DeliveryState.IN_TRANSIT, shipped, depot))
        if state not in {DeliveryState.ANNOUNCED, DeliveryState.IN_TRANSIT, DeliveryState.DELAYED}:
            steps.append((DeliveryState.OUT_FOR_DELIVERY, self._at(ago, "05:30"), city))
        if state is DeliveryState.SENT_BACK:
            steps.append((DeliveryState.AT_PICKUP_POINT, self._at(ago, "17:30"), city))
            ago -= 7  # nobody came for it
        if state not in {each for each, _, _ in steps}:
            late = DeliveryState.AT_PICKUP_POINT, DeliveryState.DELAYED
            clock = "17:40" if state in late else "10:00"
            steps.append((state, self._at(ago, clock, 0 if state in late else 420), city))
        for position, (each, at, place) in enumerate(steps):
            row = {"id": f"{code}-{position}", "tracking": code, "state": each.value}
            self.rows["track_events"].append(row | {"at": at, "place": place})
        last: datetime = steps[-1][1]
        return last

    def _money(self, order: Row, story: Story, country: str) -> None:
        number, total = order["number"], order["total"]
        method = self._dice.choice(_METHODS[country])
        state = PaymentState.PAID if story.paid else PaymentState.OPEN
        if story.name == "payment_failed" or (
            story.state is OrderState.CANCELLED and not story.paid
        ):
            state = PaymentState.FAILED
        payment = {"id": f"P-{number}", "order": number, "method": method.value, "amount": total}
        payment |= {"state": state.value, "at": order["paid_at"] or order["placed_at"]}
        self.rows["payments"].append(payment)
        if story.name == "paid_twice":
            again = {"id": f"P2-{number}", "at": order["paid_at"] + timedelta(minutes=2)}
            self.rows["payments"].append(payment | again)
        if story.paid:
            percent = _VAT[country]
            invoice = {"number": number.replace("HD", "IN"), "order": number, "total": total}
            invoice["issued_on"] = order["paid_at"].astimezone(SHOP_ZONE).date()
            invoice |= {"vat": round(total * percent / (100 + percent)), "vat_percent": percent}
            self.rows["invoices"].append(invoice)
        if story.paid and story.state is OrderState.CANCELLED:
            at, days = order["cancelled_at"], timedelta(days=3)
            forgotten = story.ago <= 3 or story.name == "refund_late"
            paid_at = None if forgotten else at + days
            self._refund(order, RefundCause.CANCELLATION, total, at, paid_at)

    def _refund(
        self, order: Row, cause: RefundCause, amount: int, at: datetime, paid_at: datetime | None
    ) -> None:
        state = RefundState.PAID if paid_at else RefundState.REQUESTED
        row = {"id": f"RF-{order['number']}", "order": order["number"], "cause": cause.value}
        row |= {"state": state.value, "amount": amount, "requested_at": at, "paid_at": paid_at}
        self.rows["refunds"].append(row)

    def _return(self, order: Row, story: Story, lines: list[Row]) -> None:
        assert story.returned is not None
        number = order["number"].replace("HD", "RT")
        line = lines[0]
        quantity = self._dice.randint(1, line["quantity"])
        amount = quantity * line["unit_price"]
        requested = order["delivered_at"] + timedelta(days=self._dice.randint(2, 6), hours=1)
        came = story.returned in {ReturnState.RECEIVED, ReturnState.REFUNDED}
        received = requested + timedelta(days=5) if came else None
        row = {"number": number, "order": order["number"], "state": story.returned.value}
        row |= {"reason": self._dice.choice(tuple(ReturnReason)).value, "amount": amount}
        row |= {"requested_at": requested, "received_at": received}
        row["send_before"] = requested.astimezone(SHOP_ZONE).date() + timedelta(days=14)
        self.rows["returns"].append(row)
        back = {"return": number, "line": line["id"], "quantity": quantity}
        self.rows["return_lines"].append(back)
        if received:
            paid = story.returned is ReturnState.REFUNDED
            paid_at = received + timedelta(days=2) if paid else None
            self._refund(order, RefundCause.RETURN, amount, received, paid_at)


def _never(story: Story) -> set[str]:
    """The times that such an order does not have."""
    never = set() if story.state is OrderState.CANCELLED else {"cancelled_at"}
    if not story.paid:
        never.add("paid_at")
    if not story.parcels:
        never |= {"packed_at", "shipped_at"}
    if story.state is OrderState.PACKED:
        never.add("shipped_at")
    return never
