"""What the customer says in the dialogue that is recorded: ordinary questions, forms, both tongues.

`{on_its_way.number}` is that order of the example shop; a line that begins with `> ` presses the
button with that title. The whole is repeated as often as a conversation is long.
"""

from __future__ import annotations

SCRIPT = (
    # an order, asked for step by step
    "Hello",
    "where is my order?",
    "> Yes, you may",
    "{on_its_way.number}",
    "why do you need that?",
    "{on_its_way.postcode}",
    "and how long does delivery take?",
    "> Netherlands",
    # a return: a form with choices, and one that is refused
    "I'd like to return something from order {delivered_5_days_ago.number}",
    "{delivered_5_days_ago.email}",
    "> Everything",
    "> I would rather not say",
    "no, I'll keep it",
    "can I return {delivered_60_days_ago.number}? it is from {delivered_60_days_ago.postcode}",
    # in Dutch
    "Waar blijft bestelling {two_parcels.number}",
    "{two_parcels.postcode}",
    "wat zijn jullie openingstijden?",
    "ben jij een mens?",
    "ik wil bestelling {just_paid.number} annuleren",
    "9999 ZZ",
    "{just_paid.postcode}",
    "nee, toch niet",
    # a message for a person
    "ik wil een medewerker spreken",
    "De lamp die ik kreeg heeft een andere stekker dan op de foto. Kan ik een verloopstuk krijgen?",
    "sanne@example.nl",
    "what does delivery to Belgium cost?",
    "my parcel is late, {delayed.number} and {delayed.email}",
    "can you help me with something completely different",
    "thanks, that was all",
    "bye",
)
