"""How the wait is told, in words: who is ahead, how long it takes, and what else there is.

Nobody is told more than is known, and that nobody is there is said at once.
"""

from __future__ import annotations

from babel.dates import format_date, format_time

from helder.conversation.clock import Clock
from helder.conversation.entries import Choice
from helder.gateway.choices import BACK, LEAVE_MESSAGE, WITH_AI
from helder.handoff.expected import Expected, Unknown
from helder.handoff.opening import OpeningHours
from helder.handoff.reasons import Reason
from helder.handoff.standing import Standing
from helder.texts import Texts, pick

_LOCALES = {"en": "en_GB", "nl": "nl_NL"}
_MINUTE = 60


class WaitingWords:
    """Says where a customer stands, in the words of policies/texts.yml."""

    def __init__(self, texts: Texts, hours: OpeningHours, clock: Clock) -> None:
        self._texts = texts
        self._hours = hours
        self._clock = clock

    def say(self, standing: Standing, language: str) -> tuple[str, tuple[Choice, ...]]:
        """What is said once, and what the customer can do instead of waiting."""
        if standing.wait is Unknown.NOBODY:
            text = self._texts.system("handoff_nobody", language, opens=self._opens(language))
        else:
            wait = f"{self._ahead(standing.ahead, language)} {self._long(standing.wait, language)}"
            text = self._texts.system("handoff_in_line", language, wait=wait)
        return text, self.instead(standing.ticket.reason, language)

    def instead(self, reason: Reason, language: str) -> tuple[Choice, ...]:
        """The buttons under it. Who wants no AI is not sent back to it by the usual one."""
        leave = Choice(self._texts.system("handoff_leave_message", language), LEAVE_MESSAGE)
        if reason is Reason.NO_AI:
            return leave, Choice(self._texts.system("no_ai_undo", language), WITH_AI)
        return leave, Choice(self._texts.system("handoff_back", language), BACK)

    def _ahead(self, ahead: int, language: str) -> str:
        key = {0: "handoff_next", 1: "handoff_ahead_one"}.get(ahead, "handoff_ahead")
        return self._texts.system(key, language, count=ahead)

    def _long(self, wait: Expected | Unknown, language: str) -> str:
        if isinstance(wait, Unknown):
            return self._texts.system("handoff_unknown", language)
        low, high = (int(each.total_seconds()) // _MINUTE for each in (wait.low, wait.high))
        if high <= 1:
            return self._texts.system("handoff_soon", language)
        key = "handoff_between" if low else "handoff_up_to"
        return self._texts.system(key, language, low=low, high=high)

    def _opens(self, language: str) -> str:
        now = self._clock()
        opens = self._hours.next_opening(now)
        if self._hours.is_open(now) or opens is None:
            return self._texts.system("handoff_open_now", language)
        locale = _LOCALES[pick(language)]
        local = opens.astimezone(self._hours.zone)
        time = format_time(local, "HH:mm", tzinfo=self._hours.zone, locale=locale)
        if local.date() == now.astimezone(self._hours.zone).date():
            return self._texts.system("handoff_opens_today", language, time=time)
        day = format_date(local.date(), "EEEE d MMMM", locale=locale)
        return self._texts.system("handoff_opens", language, day=day, time=time)
