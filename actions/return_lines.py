"""Which lines of an order come back, and how many of each: as they are asked, chosen and kept."""

from __future__ import annotations

import json
from collections.abc import Sequence

from actions.base import Button, Events, HelderAction, Voice
from actions.counts import count_in
from actions.forms import Slots
from actions.named_lines import ALL
from actions.orders import piece
from actions.turn import Turn
from helder.shop.model import LineId, Order, ReturnLine

_BUTTONS = 6  # counts


class AskReturnLines(HelderAction):
    """Asks what comes back, with a button for each product."""

    called = "action_ask_return_lines"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        shop = self.services.shop(turn.conversation)
        number = turn.slot("order_number")
        order, lines = shop.order(number), shop.returnable(number).lines
        buttons = [_button(order, line, voice) for line in lines]
        everything = voice.words.phrase("utter_button_everything")
        buttons.append((everything, f'/inform{{"return_line": "{ALL}"}}'))
        voice.ask("utter_ask_return_lines", buttons)
        return []


class AskReturnQuantity(HelderAction):
    """Asks how many of a line come back, with a button for each count."""

    called = "action_ask_return_quantity"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        line = chosen_before(turn)[0]
        order = self.services.shop(turn.conversation).order(turn.slot("order_number"))
        item = named(order, [ReturnLine(line.line, 1)], voice)
        counts = [str(n) for n in range(1, min(line.quantity, _BUTTONS) + 1)]
        buttons = [(each, f'/inform{{"return_quantity": "{each}"}}') for each in counts]
        voice.ask("utter_ask_return_quantity", buttons, item=item, most=str(line.quantity))
        return []


def of_lines(turn: Turn, lines: Sequence[ReturnLine], *, said: bool = False) -> Slots:
    """These lines; of one with several pieces as many as is `said` with it, else it is asked."""
    if len(lines) > 1 or lines[0].quantity == 1:
        return {"return_lines": written(lines), "return_quantity": ALL}
    [line] = lines
    count = count_in(turn, line.quantity, asked=False) if said else None
    if count is None or not 1 <= count <= line.quantity:
        return {"return_lines": written(lines)}
    return {
        "return_lines": written([ReturnLine(line.line, count)]),
        "return_quantity": str(count),
    }


def written(lines: Sequence[ReturnLine]) -> str:
    """Lines as the slot holds them: with their quantities, so that a turn that is repeated asks the
    shop for the same, although the shop would by then say that nothing is left."""
    return json.dumps([[line.line, line.quantity] for line in lines])


def chosen_before(turn: Turn) -> tuple[ReturnLine, ...]:
    return read_lines(turn.slot("return_lines"))


def read_lines(text: str) -> tuple[ReturnLine, ...]:
    """The reverse of `written`."""
    return tuple(ReturnLine(LineId(line), quantity) for line, quantity in json.loads(text))


def named(order: Order, lines: Sequence[ReturnLine], voice: Voice) -> str:
    names = {line.id: line.name.of(voice.words.language) for line in order.lines}
    return voice.words.listing(piece(names[line.line], line.quantity) for line in lines)


def _button(order: Order, line: ReturnLine, voice: Voice) -> Button:
    return named(order, [line], voice), f'/inform{{"return_line": "{line.line}"}}'
