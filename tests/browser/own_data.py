"""What the fake gateway tells in "Your data": the real purposes, and what the customer chose."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helder.installation import consent_policy

PURPOSES = consent_policy(Path(__file__).parents[2] / "policies")[0].all


@dataclass
class OwnData:
    """One conversation's: answers by purpose with their times, receipts newest first."""

    answers: dict[str, tuple[str, str]] = field(default_factory=dict)
    given: list[tuple[str, str]] = field(default_factory=list)
    opted_out: bool = False
    signed_in: bool = False
    orders: list[str] = field(default_factory=list)

    def told(self, what: str, language: str, messages: int) -> dict[str, Any]:
        """The answer to GET data, consents or receipts."""
        if what == "consents":
            return {"consents": [self._consent(name, language) for name in PURPOSES]}
        if what == "receipts":
            return {"receipts": [self._receipt(*each, language) for each in reversed(self.given)]}
        kept = self.answers.get("keep_conversation", ("", ""))[0] == "given"
        return {
            "messages": messages,
            "signed_in": self.signed_in,
            "orders": self.orders,
            "minutes": 30,
            "days": 90 if kept else None,
            "opted_out": self.opted_out,
            "remembered": self.signed_in,
        }

    def chosen(self, body: dict[str, Any], now: str) -> None:
        """A POST to consents or opt-out."""
        if "opted_out" in body:
            self.opted_out = body["opted_out"]
            return
        name, before = body["purpose"], self.answers.get(body["purpose"], ("", ""))[0]
        no = "withdrawn" if before == "given" else "refused"
        self.answers[name] = ("given" if body["given"] else no, now)
        if body["given"]:
            self.given.append((name, now))

    def _consent(self, name: str, language: str) -> dict[str, Any]:
        purpose, words = PURPOSES[name], PURPOSES[name].said(language)
        state, since = self.answers.get(name, ("not_asked", None))
        return {
            "purpose": name,
            "version": purpose.version,
            "legal_basis": purpose.legal_basis,
            "state": state,
            "since": since,
            "title": words.title,
            "question": words.question,
            "yes": words.yes_button,
            "no": words.no_button,
            "without": words.without,
            "data": list(words.data),
            "retention": words.retention,
        }

    def _receipt(self, name: str, time: str, language: str) -> dict[str, Any]:
        title = PURPOSES[name].said(language).title
        page = f"/receipts/{name}"
        return {
            "purpose": name,
            "title": title,
            "time": time,
            "page": page,
            "download": f"{page}/json",
        }
