"""A small house to report on: three intents in two languages, two of them hard to tell apart."""

from __future__ import annotations

from pathlib import Path

EXAMPLES = {
    "en": {
        "track_order": ["where is my order", "track my parcel", "when does my parcel arrive",
                        "has it been shipped yet", "my package is late", "order status please"],
        "get_refund": ["I want my money back", "refund please", "give me a refund",
                       "can I get my money back", "I would like to be refunded", "money back now"],
        "track_refund": ["where is my refund", "when do I get my money", "my refund is late",
                         "has my refund been paid", "refund status", "still no money back"],
    },
    "nl": {
        "track_order": ["waar is mijn bestelling", "waar blijft mijn pakje", "is het al verzonden",
                        "wanneer komt mijn pakket", "status bestelling", "pakje is te laat"],
        "get_refund": ["ik wil mijn geld terug", "terugbetaling graag", "geef mijn geld terug",
                       "kan ik mijn geld terugkrijgen", "betaal me terug", "geld terug nu"],
        "track_refund": ["waar blijft mijn geld", "wanneer krijg ik mijn geld terug",
                         "mijn terugbetaling is te laat", "is er al terugbetaald",
                         "status terugbetaling", "nog steeds geen geld terug"],
    },
}  # fmt: skip
CONFIG = """pipeline:
  - name: helder.understanding.classifier.HybridClassifier
    C: 5.0
  - name: FallbackClassifier
    threshold: 0.4
    ambiguity_threshold: 0.05
"""


def build(folder: Path) -> Path:
    """The project in a folder."""
    for language, intents in EXAMPLES.items():
        lines = ['version: "3.1"', "nlu:"]
        for intent, texts in intents.items():
            lines += [f"- intent: {intent}", "  examples: |", *(f"    - {text}" for text in texts)]
        path = folder / "data" / "nlu" / language / "orders.yml"
        path.parent.mkdir(parents=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "domain.yml").write_text('version: "3.1"\n', encoding="utf-8")
    (folder / "config.yml").write_text(CONFIG, encoding="utf-8")
    return folder
