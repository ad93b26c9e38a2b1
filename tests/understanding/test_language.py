import time

import pytest

from helder.understanding.language_model import WEIGHTS, shipped, spoken_words

DUTCH = """bedankt|ja graag|waar is mijn bestelling|mijn order|nee hoor|ik wil dit terugsturen|hoi
kan ik een medewerker spreken|factuur|retourneren|wanneer komt ie|hoe laat zijn jullie open
mijn naam is Smith en ik wacht nog steeds|dit is echt belachelijk|verzendkosten|goedemorgen
laat maar
thanks, maar waar blijft mijn pakketje|Bestelnummer HD-204817 graag|is het nog op voorraad
wat?
ik snap het niet|heb ik niet bij de hand
WAAR BLIJFT MIJN PAKKET|dank je wel|zaterdag"""
ENGLISH = """yes please|where is my order|my order|no thank you|I want to send this back
hello
can I speak to a person|invoice|when will it come|what time do you open|shipping costs
my name is Jan de Vries and I am still waiting|this is ridiculous|good morning|never mind|what?
order number HD-204817 please|is it still in stock|I don't understand|I haven't got it here
WHERE IS MY PARCEL|thank you|saturday|cancel it|refund"""
SILENT = """ok|OK!|oké|okay|hi|is|in|was|of|me|order|help|sorry|yes|no|ja|top|super|product|status
Jan de Vries|Anna Smith|van den Berg|Peter Bakker|Kim Young|Mehmet Yılmaz|Fatima El Amrani|Sophie
Marieke van der Meer|will smith|Brown|HD-204817|hd 204817|204817|jan.devries@voorbeeld.nl|1234 AB
SW1A 1AA|06-12345678|👍|😡😡||?|!!!|...|12-03-2025|€ 12,50|www.helder.nl/bestelling|track & trace
Amsterdam|Rotterdam Zuid|status order|thanks|oke thanks|T-shirt|Black Friday|June|cool|sale
high tech|sneakers"""
# Data and addresses come from all over, whoever writes them.
ADDRESSES = """Lange Voorhout 12, 2514 ED|Lange Voorhout 12, 2514 ED Den Haag|Den Haag|The Hague
oude gracht 12, 3511 AB Utrecht|Stationsweg 4, 2405 AA Alphen aan den Rijn|Alphen aan den Rijn
Achter de Dom 3, 3512 JN Utrecht|12 High Street, Leeds LS1 4AP|4 Old Mill Lane, Leeds|2514 ED"""


def texts(table: str) -> list[str]:
    return table.replace("\n", "|").split("|")


def with_data(text: str) -> str | None:
    """The language of a message of which the data are read first, as in config.yml."""
    from rasa.shared.nlu.training_data.message import Message

    from helder.understanding.entities import OrderEntities
    from helder.understanding.language import LanguageDetector

    message = Message(data={"text": text})
    for component in (OrderEntities({}), LanguageDetector({})):
        component.process([message])
    found = [e["value"] for e in message.get("entities", []) if e["entity"] == "language"]
    return found[0] if found else None


def language(text: str) -> str | None:
    from helder.understanding.language import LanguageDetector

    found = LanguageDetector({}).find(text)
    return found[0]["value"] if found else None


@pytest.mark.parametrize("text", texts(DUTCH))
def test_dutch_is_recognised(text):
    assert language(text) == "nl"


@pytest.mark.parametrize("text", texts(ENGLISH))
def test_english_is_recognised(text):
    assert language(text) == "en"


@pytest.mark.parametrize("text", texts(SILENT))
def test_what_says_nothing_about_language_leaves_it_as_it_was(text):
    assert language(text) is None


@pytest.mark.parametrize("text", texts(ADDRESSES))
def test_an_address_says_nothing_about_the_language(text):
    assert with_data(text) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("please send it to Lange Voorhout 12, 2514 ED Den Haag", "en"),
        ("stuur het maar naar 12 High Street, Leeds LS1 4AP", "nl"),
        ("mijn postcode is 1234 AB en waar blijft mijn pakket", "nl"),
        ("where is order HD-204817, 1234 AB, I have waited for days", "en"),
    ],
)
def test_what_stands_around_an_address_does(text, wanted):
    assert with_data(text) == wanted


@pytest.mark.parametrize("text", ["a.b-" * 500, "straat" * 333, "De " * 600 + "12", "x" * 2000])
def test_no_text_takes_long(text):
    began = time.process_time()
    with_data(text)
    assert time.process_time() - began < 1


def test_the_entity_spans_the_text_and_tells_how_sure_it_is():
    from helder.understanding.language import LanguageDetector

    (found,) = LanguageDetector({}).find("waar is mijn bestelling")
    assert (found["entity"], found["start"], found["end"]) == ("language", 0, 23)
    assert 0.9 <= found["confidence_entity"] <= 1


def test_letters_alone_tell_most_unlisted_words_apart():
    model = shipped()
    dutch = ["bezorgkostenvergoeding", "schoenveter", "gebruiksaanwijzing", "ontvangstbewijs"]
    english = ["shoelaces", "thoughtfulness", "worthwhile", "unwrapping"]
    assert all(model.letters(word) > 0 for word in dutch)
    assert all(model.letters(word) < 0 for word in english)


def test_addresses_links_and_numbers_are_not_read():
    assert spoken_words("mail jan@voorbeeld.nl over HD-204817 www.x.nl/waar") == ["mail", "over"]


def test_the_shipped_weights_are_small():
    assert WEIGHTS.stat().st_size < 250_000


def test_letters_without_a_blank_are_read_in_no_time():
    begun = time.process_time()
    assert spoken_words("x" * 200_000) == ["x" * 30]
    assert time.process_time() - begun < 1
