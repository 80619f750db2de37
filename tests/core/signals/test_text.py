"""What a message looks like, in any language, and what is unknown about those a measure does not fit."""

import pytest

from tests.support.cases import lead, value

SIGNALS = ("length", "links", "shouting", "scripts", "confusables", "gibberish", "repetition", "pitch", "addresses")
ENGLISH = "Hello, we need forty chairs. Could you send a quote?"


def of(signal, message):
    return value(f"text.{signal}", lead(message=message))


@pytest.mark.parametrize("signal", [*SIGNALS, "question"])
@pytest.mark.parametrize("message", [None, ""])
def test_without_a_message_everything_about_it_is_unknown(signal, message):
    assert of(signal, message) is None


@pytest.mark.parametrize(
    ("message", "length"),
    [("a", 1), (ENGLISH, 52), ("  a b \n", 3), (" \t\n", None), ("日本語", 3), ("\ud800", 1), ("\0", 1)],
)
def test_length_counts_characters_without_blanks_around(message, length):
    assert of("length", message) == length


@pytest.mark.parametrize(
    ("message", "links"),
    [
        (ENGLISH, 0),
        ("see https://acme.example", 1),
        ("see HTTP://ACME.EXAMPLE", 1),
        ("see www.acme.example", 1),
        ("see https://www.acme.example", 1),
        ("https://a.example www.b.example ftp://c.example", 3),
        ("https://a.examplehttps://b.example", 2),
        ("acme.example", 0),
        ("価格は https://例え.example を見て", 1),
    ],
)
def test_links(message, links):
    assert of("links", message) == links


@pytest.mark.parametrize(
    ("message", "share"),
    [
        ("we are ok", None),
        ("HELLO there", 0.5),
        ("HELLO THERE", 1.0),
        ("hello there", 0.0),
        ("USA and EU ask IBM", None),
        ("Hello There", 0.0),
        ("HELLO there friends", 0.333),
        ("ПРИВЕТ друзья", 0.5),
        ("こんにちは 世界です", 0.0),
        ("مرحبا بالعالم", 0.0),
        ("1234 5678", 0.0),
    ],
)
def test_shouting_is_the_share_of_longer_words_in_capitals(message, share):
    assert of("shouting", message) == share


@pytest.mark.parametrize(
    ("message", "scripts"),
    [
        ("hello", 1),
        ("1234", 1),
        ("größer", 1),
        ("привет", 1),
        ("привет hello", 2),
        ("日本語", 1),
        ("日本語です", 2),
        ("안녕하세요", 1),
        ("שלום", 1),
        ("สวัสดี", 1),
        ("γειά σου", 1),
        ("नमस्ते", 1),
        ("გამარჯობა", 1),
        ("բարեւ", 1),
        ("مرحبا", 1),
        ("ｈｅｌｌｏ", 1),
        ("ế", 1),
        ("ἀ", 1),
        ("😀", 0),
        ("ሰላም", 0),
        ("\ud800", 0),
    ],
)
def test_scripts_are_counted_and_unlisted_ones_are_not(message, scripts):
    assert of("scripts", message) == scripts


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (ENGLISH, 0),
        ("größer", 0),
        ("привет hello", 0),
        ("p\u0430ypal", 1),
        ("P\u0430yPal and \u0410pple", 2),
        ("α-test", 1),
        ("日本語abc", 0),
        ("hello \ud800", 0),
    ],
)
def test_confusables_are_words_of_mixed_look_alike_letters(message, words):
    assert of("confusables", message) == words


@pytest.mark.parametrize(
    ("message", "share"),
    [
        (ENGLISH, 0.0),
        ("sdfghjk", 1.0),
        ("SDFGHJK", 1.0),
        ("sdfgh hello", 0.0),
        ("sdfghj hello", 0.5),
        ("sdfghj hello there", 0.333),
        ("rhythm syzygy", 0.0),
        ("sdfghj-sdfghj", 1.0),
        ("123456 7890", 0.0),
        (" \n", None),
        ("größer sdfghjk", None),
        ("привет", None),
    ],
)
def test_gibberish_is_measured_in_plain_latin_text_only(message, share):
    assert of("gibberish", message) == share


@pytest.mark.parametrize(
    ("message", "share"),
    [
        ("buy now " * 5, 0.8),
        ("Buy BUY buy buy buy buy buy buy buy buy", 0.9),
        ("a b c d e f g h i j", 0.0),
        ("a b c d e f g h i", None),
        ("да " * 10, 0.9),
    ],
)
def test_repetition_needs_ten_words(message, share):
    assert of("repetition", message) == share


@pytest.mark.parametrize(
    ("message", "phrases"),
    [
        (ENGLISH, 0),
        ("We rank every website", 0),
        ("We can RANK YOUR WEBSITE", 1),
        ("SEO services and backlinks, limited time offer", 3),
        ("référencement de votre site", 1),
        ("seo", 0),
    ],
)
def test_pitches_are_stock_phrases_of_several_words(message, phrases):
    assert of("pitch", message) == phrases


@pytest.mark.parametrize(
    ("message", "count"), [(ENGLISH, 0), ("ask a@b.example", 1), ("a@b.example or c@d.example", 2)]
)
def test_addresses_are_counted_by_their_at_sign(message, count):
    assert of("addresses", message) == count


@pytest.mark.parametrize(
    ("message", "asks"),
    [
        (ENGLISH, True),
        ("Buy now!", False),
        ("価格は？", True),
        ("كم السعر؟", True),
        ("πόσο κάνει\u037e", True),
        ("ի՞նչ արժե", True),
    ],
)
def test_a_question_is_asked_in_any_script(message, asks):
    assert of("question", message) is asks
