"""Which products a customer names, and how they are told."""

from __future__ import annotations

from collections.abc import Container, Sequence

from actions.wording import Wording
from helder.shop.model import Product
from helder.shop.port import ShopBackend

MOST = 3  # products that are shown
_ASKED = 6  # words that the shop is asked about: more would take too long
_SHORTEST = 4  # letters of a word that can name a product
ENDINGS = ("", "s", "en", "es", "'s", "je", "jes", "n")  # stoelen, lamps, kussens, tentje


def named_in(
    words: Sequence[str], shop: ShopBackend, no_products: Container[str]
) -> tuple[Product, ...]:
    """The products whose name has a word of the customer's; those with the most such words."""
    kept = [word for word in words if len(word) >= _SHORTEST and word not in no_products]
    counted: dict[str, int] = {}
    found: dict[str, Product] = {}
    for word in dict.fromkeys(kept[:_ASKED]):
        for product in _with(word, shop):
            found[product.sku] = product
            counted[product.sku] = counted.get(product.sku, 0) + 1
    best = max(counted.values(), default=0)
    return tuple(found[sku] for sku, count in counted.items() if count == best)[:MOST]


def said_in_words(products: Sequence[Product], words: Wording) -> str:
    """A line per product: its name, its price, and whether it is there."""
    return "\n".join(_line(product, words) for product in products)


def _with(word: str, shop: ShopBackend) -> tuple[Product, ...]:
    for ending in ENDINGS:
        stem = word.removesuffix(ending)
        if len(stem) < _SHORTEST - 1 or (ending and stem == word):
            continue
        hits = [each for each in shop.find_products(stem, limit=20) if _named(stem, each)]
        if hits:
            return tuple(hits)
    return ()


def _named(stem: str, product: Product) -> bool:
    """Is it in the name, as a word or the end of one: "lamp" in Vloerlamp?"""
    names = f"{product.name.nl} {product.name.en}".casefold().split()
    return any(name.startswith(stem) or name.endswith(stem) for name in names)


def _line(product: Product, words: Wording) -> str:
    key = "utter_word_product" if product.in_stock > 0 else "utter_word_product_out"
    return words.phrase(key, name=product.name.of(words.language), price=_price(product, words))


def _price(product: Product, words: Wording) -> str:
    """In euros for who speaks Dutch; who speaks English may live where people pay in either."""
    prices = [each for each in product.prices if each.currency == "EUR"]
    if words.language != "nl" or not prices:
        prices = list(product.prices)
    return " / ".join(words.money(each) for each in prices)
