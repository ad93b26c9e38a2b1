"""Opening hours and the ways to reach customer service, from policies/opening_hours.yml."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from itertools import groupby

from actions.base import Events, HelderAction, Voice
from actions.turn import Turn
from actions.wording import Wording, local_day
from helder.handoff.opening import Closed, Hours, OpeningHours

_SOON = timedelta(days=14)
_ENOUGH = 5  # letters of a holiday's name


class TellContact(HelderAction):
    """Are we open, until when or from when, and how to reach us."""

    called = "action_contact"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        now, hours, words = self.services.clock(), self.services.hours, voice.words
        closes, opens = hours.closes_at(now), hours.next_opening(now)
        holiday = hours.closed_today(now)
        if closes is not None:
            voice.say("utter_contact_open", closes=words.time(closes))
        elif opens is not None:
            when = {"on_day": words.on_day(local_day(opens)), "opens": words.time(opens)}
            if holiday is not None:
                voice.say("utter_contact_holiday", holiday=holiday.name(words.language), **when)
            else:
                voice.say("utter_contact_closed", **when)
        voice.say(
            "utter_contact_ways",
            hours=week(hours, words),
            phone=hours.phone,
            phone_international=hours.phone_international,
            email=hours.email,
        )
        off = [
            words.phrase(
                "utter_word_day_off", day=words.day(each.day), name=each.name(words.language)
            )
            for each in _days_off(hours, now, turn)
        ]
        if off:
            voice.say("utter_contact_days_off", days=words.listing(off))
        return []


def _days_off(hours: OpeningHours, now: datetime, turn: Turn) -> list[Closed]:
    """The holidays of the next weeks, and those that the customer asks about: "met kerst open?"."""
    today = local_day(now)
    asked = turn.entity("date")
    coming = sorted((each for each in hours.closed.values() if each.day > today), key=_day)
    named = [each for each in coming if _is_named(each, turn)]
    return [
        each
        for each in coming
        if each.day <= today + _SOON
        or each.day.isoformat() == asked
        or (each in named and each.day <= named[0].day + _SOON)
    ]


def _day(each: Closed) -> date:
    return each.day


def _is_named(holiday: Closed, turn: Turn) -> bool:
    """Does one of the words begin as one of the holiday's name? "Kerst" is Eerste kerstdag."""
    name = re.findall(r"\w+", f"{holiday.en} {holiday.nl}".casefold())
    telling = [each for each in name if each not in turn.vocabulary.contact.numbered]
    beginnings = {each[:_ENOUGH] for each in telling if len(each) >= _ENOUGH}
    return any(each[:_ENOUGH] in beginnings for each in turn.words())


def week(hours: OpeningHours, words: Wording) -> str:
    """A line per run of days with the same hours: `maandag t/m vrijdag: 09:00–18:00 uur`."""
    runs = [list(run) for _, run in groupby(range(7), key=lambda day: hours.week[day])]
    return "\n".join(_line(run, hours.week[run[0]], words) for run in runs)


def _line(days: list[int], hours: Hours | None, words: Wording) -> str:
    first, last = words.weekday(days[0]), words.weekday(days[-1])
    name = first
    if len(days) > 1:
        name = words.phrase("utter_word_days", first=first, last=last)
    if hours is None:
        return words.phrase("utter_word_closed", days=name)
    opens, closes = f"{hours.opens:%H:%M}", f"{hours.closes:%H:%M}"
    return words.phrase("utter_word_hours", days=name, opens=opens, closes=closes)
