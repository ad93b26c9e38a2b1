"""What our own buttons stand for. No intent can have such a name, so a designer's button can never
be taken for one of these, and none of them goes through Rasa, which may be what is broken."""

from __future__ import annotations

from helder.handoff.preview import CORRECT as CORRECT  # something in the summary is wrong

PERSON = "@person"  # fetch a person
BACK = "@assistant"  # the assistant again: out of the line, or nothing to pass on after all
LEAVE_MESSAGE = "@leave_message"  # instead of waiting
WITH_AI = "@with_ai"  # undo "no AI"
