"""An invoice that was asked for in the chat, opened as the customer's browser does."""

from __future__ import annotations

import re

import httpx

from helder.database import connect
from helder.shop.policy import load_policy
from helder.shop.seed import demo_orders
from helder.shop.sql import SqlShop
from tests.running import Running


def test_the_link_in_the_chat_opens_the_invoice(stack: Running) -> None:
    shop = SqlShop(connect(stack.settings.shop_url), load_policy())
    (mine,) = [each for each in demo_orders(shop) if each.scenario == "delivered_60_days_ago"]
    talk = stack.talk("nl")
    said = talk.say(f"stuur me de factuur van {mine.number}, mijn postcode is {mine.postcode}")
    (address,) = re.findall(r"http\S+", "\n".join(said))
    assert address.startswith(f"{stack.gateway_url}/invoices/")
    opened = httpx.get(address)
    assert opened.status_code == 200
    assert mine.number in opened.text
    assert "Factuurnummer" in opened.text
    assert httpx.get(address[:-4] + "AAAA").status_code == 404
