import itertools
import random
import time
from datetime import date

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helder.understanding.patterns import Match, find


def values(text: str) -> list[tuple[str, str]]:
    return [(match.entity, match.value) for match in find(text)]


ORDERS = """HD-204817|hd204817|HD 204817|#204817|order 204817|bestelnummer 204817|ＨＤ－２０４８１７
204817
order number: hd-204 817|mijn nummer is 204817.|where is Hd–204817?!|ordernr.204817|(HD-204817)
bestelling: 204817|order #204817|ordr 204817|h d 204817|HD_204817|H D-204817
mijn order nummer is 204817|HD 20 48 17|hd-204-817|HD 2 0 4 8 1 7"""


@pytest.mark.parametrize("text", ORDERS.replace("\n", "|").split("|"))
def test_an_order_number_is_found_however_it_is_written(text):
    assert values(text) == [("order_number", "HD-204817")]


@pytest.mark.parametrize(
    "text",
    [
        "2048171",
        "HD-20481",
        "€ 204817,50",
        "12204817",
        "in 2024 is er niets gekomen",
        "I ordered 3 in 2024 so where are they",
        "for 2000 people",
        "order of 2019 was late",
        "jan@",
        "@jan",
        "1234 SS",
        "in 2024 is",
        "I have 5000 of them",
        "for 1500 in total",
        "0123 AB",
        "",
        "👍",
    ],
)
def test_what_only_looks_like_one_is_left(text):
    assert values(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234 AB", "1234AB"),
        ("1234ab", "1234AB"),
        ("mijn postcode is 1012 en", "1012EN"),
        ("1012 en", "1012EN"),
        ("9000", "9000"),
        ("postcode 9000 Gent", "9000"),
        ("B-9000", "9000"),
        ("sw1a 1aa", "SW1A1AA"),
        ("it's M1 1AE.", "M11AE"),
        ("ik woon in 9000 Gent", "9000"),
        ("Kerkstraat 5, 2000 antwerpen", "2000"),
        ("Veldstraat 8 bus 3, 9000", "9000"),
        ("leveren jullie in 8400 Oostende?", "8400"),
        ("Kerkweg 7, 5331 dr", "5331DR"),
        ("het is 3184 be, klopt dat", "3184BE"),
    ],
)
def test_a_postcode_is_found(text, value):
    assert values(text) == [("postcode", value)]


def test_four_digits_after_an_order_number_are_its_postcode():
    for text in (
        "HD-204817, 9000",
        "order 204817 9000",
        "bestelling HD-204817 en 9000",
        "ik wil HD-204817 terugsturen, 9000",
        "I want to send HD-204817 back, 9000.",
    ):
        assert values(text) == [("order_number", "HD-204817"), ("postcode", "9000")]
    for text in (
        "HD-204817 is van mei, 2026",
        "9000, dus geen HD-204817",
        "HD-204817 niet, 9000 wel",
    ):
        assert ("postcode", "9000") not in values(text)
        assert ("postcode", "2026") not in values(text)


def test_an_address_that_hides_from_robots_is_found():
    assert values("jan (at) voorbeeld.nl") == [("email", "jan@voorbeeld.nl")]
    assert values("jan[at]voorbeeld.nl") == [("email", "jan@voorbeeld.nl")]


def test_dates_are_found_only_when_the_day_is_known():
    assert find("3 mei 2026") == []
    (match,) = find("graag op 3 mei 2026!", date(2026, 3, 11))
    assert match == Match("date", "2026-05-03", 9, 19)


def test_a_date_is_no_telephone_number_and_a_telephone_number_no_date():
    today = date(2026, 3, 11)
    assert [m.entity for m in find("12-05-2026", today)] == ["date"]
    assert [m.entity for m in find("06-12345678", today)] == ["phone"]


def test_several_in_one_message_do_not_overlap():
    assert values("HD204817, 1017ab, Jan@Voorbeeld.NL of 06-12345678") == [
        ("order_number", "HD-204817"),
        ("postcode", "1017AB"),
        ("email", "jan@voorbeeld.nl"),
        ("phone", "+31612345678"),
    ]


def test_the_place_is_that_in_the_text_as_it_was_written():
    text = "nummer: ＨＤ－２０４８１７ dank"
    (match,) = find(text)
    assert text[match.start : match.end] == "ＨＤ－２０４８１７"


@given(st.text(max_size=200))
def test_no_text_breaks_it(text):
    found = find(text)
    assert all(0 <= match.start < match.end <= len(text) for match in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


FRAMES = """{}|waar blijft {}?|ik wacht al een week op {}|where is {}|please look at {} thanks
{} graag
hoi, het is {}.|it's {} I think|mijn gegevens: {}, bedankt
can you check {} for me?|dat is {}!
sorry, ik bedoel {}|no, {} of course|({})|het gaat om {}, kunt u helpen|hello {} is mine"""
MARKS = ["HD-", "hd", "HD ", "hd-", "Hd - ", "#", "HD–", "", "hd. ", "HD#"]
NAMES = ["jan", "anna.smith", "fatima_el", "p.devries", "o'brien", "kim-lee", "s.van.dijk", "x2"]
HOSTS = ["voorbeeld.nl", "example.co.uk", "mail.example.com", "post.be", "my-shop.eu"]


def generated(rng: random.Random) -> tuple[str, Match]:
    """One sentence with one value in it, written as people write, and what should be found."""
    entity = rng.choice(["order_number", "order_number", "postcode", "email", "phone"])
    value, written = {
        "order_number": an_order,
        "postcode": a_postcode,
        "email": an_email,
        "phone": a_phone,
    }[entity](rng)
    before, after = slips(rng, rng.choice(FRAMES.replace("\n", "|").split("|"))).split("{}")
    start = len(before)
    return before + written + after, Match(entity, value, start, start + len(written))


def slips(rng: random.Random, frame: str) -> str:
    """Typing errors, capitals and blanks in the words around the value."""
    letters = list(frame)
    for at, letter in enumerate(letters):
        if letter.isalpha() and rng.random() < 0.05:
            letters[at] = rng.choice(["", letter * 2, rng.choice("aeiounst")])
        elif letter == " " and rng.random() < 0.05:
            letters[at] = "  "
    text = "".join(letters)
    return text.upper() if rng.random() < 0.15 else text


def an_order(rng: random.Random) -> tuple[str, str]:
    digits = f"{rng.randrange(100_000, 999_999)}"
    written = rng.choice(MARKS) + digits
    if rng.random() < 0.1:
        written = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in written)
    return f"HD-{digits}", written


def a_postcode(rng: random.Random) -> tuple[str, str]:
    letters = "ABCDEFGHJKLNPRTVWXZ"
    if rng.random() < 0.7:
        digits, pair = str(rng.randrange(1000, 9999)), "".join(rng.choices(letters, k=2))
        written = digits + rng.choice([" ", "", "  ", " "]) + pair
        value = digits + pair
    else:
        area, inward = (
            rng.choice(["SW1A", "M1", "LS2", "EH12", "B33", "N1"]),
            "".join([str(rng.randrange(10)), *rng.choices("ABDEFGHJLNPQRSTUWXYZ", k=2)]),
        )
        written, value = area + rng.choice([" ", ""]) + inward, area + inward
    return value, rng.choice([written, written, written.lower()])


def an_email(rng: random.Random) -> tuple[str, str]:
    value = f"{rng.choice(NAMES)}{rng.randrange(100)}@{rng.choice(HOSTS)}"
    return value, rng.choice([value, value.upper(), value.title()])


def a_phone(rng: random.Random) -> tuple[str, str]:
    national = rng.choice(["316{}", "3120{}", "32470{}", "4479110{}"])
    length = {"316{}": 8, "3120{}": 7, "32470{}": 6, "4479110{}": 5}[national]
    first = rng.choice("23456")
    digits = first + "".join(rng.choices("0123456789", k=length - 1))
    number = phonenumbers.parse("+" + national.format(digits))
    formats = phonenumbers.PhoneNumberFormat
    style = rng.choice([formats.E164, formats.INTERNATIONAL, formats.NATIONAL])
    written = phonenumbers.format_number(number, style)
    return phonenumbers.format_number(number, formats.E164), written


def test_recall_and_precision_on_sentences_as_people_write_them():
    rng = random.Random(20250301)
    cases = [generated(rng) for _ in range(3_000)]
    found = [(find(text), expected) for text, expected in cases]
    hits = sum((expected.entity, expected.value) in pairs(matches) for matches, expected in found)
    extra = sum(len(matches) for matches, _ in found) - hits
    assert hits / len(cases) >= 0.98, missed(cases)
    assert hits / (hits + extra) >= 0.98, extra


def pairs(matches: list[Match]) -> set[tuple[str, str]]:
    return {(match.entity, match.value) for match in matches}


def missed(cases: list[tuple[str, Match]]) -> list[tuple[str, Match]]:
    return [
        (text, want) for text, want in cases if (want.entity, want.value) not in pairs(find(text))
    ][:20]


def test_a_page_of_numbers_is_read_in_no_time():
    begun = time.process_time()
    find("1234 is " * 2_000)
    assert time.process_time() - begun < 2
