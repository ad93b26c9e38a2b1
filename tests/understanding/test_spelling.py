from hypothesis import given
from hypothesis import strategies as st

from helder.understanding.spelling import Speller, count_words, neighbours, of_examples, one_slip

COUNTS = {"bestelling": 9, "annuleren": 4, "return": 5, "order": 8, "parcel": 2, "pakket": 3}


def speller(*known: str) -> Speller:
    return Speller(COUNTS, lambda word: word in known)


def test_a_slip_is_undone_and_the_rest_is_left_as_it_was_written():
    assert speller().correct("Waar is mijn bestellnig? HD-204817!") == (
        "Waar is mijn bestelling? HD-204817!"
    )


def test_each_kind_of_slip_is_undone():
    for written in ("retrun", "retun", "returnn", "retirn"):
        assert speller().correct(written) == "return"


def test_two_slips_are_undone_in_a_long_word_only():
    assert speller().correct("bstellnig") == "bestelling"
    assert speller().correct("odr") == "odr"
    assert speller().correct("estlling") == "estlling"


def test_of_words_as_near_that_is_meant_which_fits_its_neighbours():
    counts = {"order": 9, "ouder": 2, "my": 5, "mijn": 5, "is": 9}
    pairs = neighbours(["my order is", "mijn ouder is"])
    aware = Speller(counts, lambda _: False, pairs=pairs)
    assert aware.correct("my oder is") == "my order is"
    assert aware.correct("mijn oder is") == "mijn ouder is"


def test_the_speller_of_examples_knows_words_of_both_languages():
    known = of_examples(["where is my parcel", "waar is mijn pakket"])
    assert known.correct("wheer is my parcle") == "where is my parcel"
    assert known.correct("mijn pakjet") == "mijn pakket"
    assert known.correct("the dog and de fiets") == "the dog and de fiets"


def test_a_word_that_exists_is_not_a_slip():
    assert speller("border").correct("border") == "border"
    assert speller().correct("border") == "order"


def test_short_words_are_left_alone():
    assert Speller({"mijn": 3, "is": 2}, lambda _: False).correct("iz mi") == "iz mi"


def test_the_word_used_most_wins_and_then_the_alphabet():
    assert Speller({"klein": 1, "kleed": 5}, lambda _: False).correct("klee") == "kleed"
    assert Speller({"maand": 2, "maan": 2}, lambda _: False).correct("maanx") == "maan"


def test_words_are_counted_in_lower_case_and_without_numbers():
    assert count_words(["Mijn order 123", "mijn ORDER hd204817"]) == {
        "mijn": 2,
        "order": 2,
        "hd": 1,
    }


@given(st.text("abc", max_size=5), st.text("abc", max_size=5))
def test_one_slip_is_the_damerau_distance_of_one(one: str, two: str):
    assert one_slip(one, two) == (one != two and two in one_away(one))


def one_away(word: str) -> set[str]:
    splits = [(word[:n], word[n:]) for n in range(len(word) + 1)]
    dropped = {a + b[1:] for a, b in splits if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in splits if len(b) > 1}
    changed = {a + c + b[1:] for a, b in splits if b for c in "abc"}
    added = {a + c + b for a, b in splits for c in "abc"}
    return dropped | swapped | changed | added


def test_a_page_without_a_blank_is_read_at_once_and_left_as_it_is():
    long = "qx" * 10_000
    assert speller().correct(f"{long} bestellnig") == f"{long} bestelling"


def test_a_word_of_six_letters_has_no_two_slips():
    assert Speller({"bewaar": 9}, lambda _: False).correct("beamer") == "beamer"
