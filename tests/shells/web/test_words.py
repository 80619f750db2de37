"""Every text of the pages can be said in every language, and is."""

import re
from datetime import UTC, datetime
from gettext import NullTranslations
from zoneinfo import ZoneInfo

import pytest
from babel.messages.pofile import read_po

from scripts import words as collected
from winnow.shells.web import environment, wording
from winnow.shells.web.wording import LANGUAGES, SOURCE, Words, language_for

OTHERS = [language for language in LANGUAGES if language != SOURCE]
_HOLES = re.compile(r"%\((\w+)\)[sd]")


@pytest.fixture(scope="module")
def texts():
    return {message.id: message for message in collected.texts() if message.id}


def catalogue(language):
    with (collected.LOCALE / f"{language}.po").open("rb") as file:
        return read_po(file)


@pytest.mark.parametrize(
    ("zone", "at"),
    [("Asia/Tokyo", datetime(9999, 12, 31, 23, tzinfo=UTC)), ("America/Lima", datetime(1, 1, 1, tzinfo=UTC))],
)
def test_what_programs_write_for_never_can_be_told_in_every_zone(zone, at):
    words = Words("en", ZoneInfo(zone))
    assert str(at.year) in words.day(at)
    assert words.moment(at)
    assert words.time(at)


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_has_every_text_and_no_other(language, texts):
    said = {message.id for message in catalogue(language) if message.id}
    assert said == set(texts), "run `make words`, then translate what is empty"


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_says_every_text_with_all_its_holes(language):
    for message in catalogue(language):
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(strings), message.id
        assert not message.fuzzy, message.id
        holes = set().union(*(set(_HOLES.findall(each)) for each in ids))
        for string in strings:
            assert set(_HOLES.findall(string)) == holes, (message.id, string)


class Pseudo(NullTranslations):
    """A language in which every text that went through a catalogue can be told from one that did not."""

    def gettext(self, message):
        return f"⟦{message}⟧"

    def ngettext(self, msgid1, msgid2, n):
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"

    def pgettext(self, context, message):  # noqa: ARG002  # as gettext calls it
        return f"⟦{message}⟧"


#: Words that stand on pages as they are, whatever the language: names, codes, units, keys, commands.
_AS_IT_IS = re.compile(r"(· )?Winnow|[A-Z]|[0-9a-f]{8}|starter-1|system|Ctrl K|G [A-Z]|UTC|\W*")


def untold(page):
    """What stands on a page without having gone through a catalogue."""
    text = re.sub(r"<(script|style|template|code|pre|option|select)\b.*?</\1>", " ", page.text, flags=re.DOTALL)
    text = re.sub(r"<(kbd|time|svg)\b.*?</\1>", " ", text, flags=re.DOTALL)
    text = re.sub(r"⟦[^⟧]*⟧", " ", re.sub(r"<[^>]*>", "\n", text))
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if re.search(r"[A-Za-z]{3}", line) and not _AS_IT_IS.fullmatch(line)]


@pytest.fixture
def pseudo(monkeypatch):
    monkeypatch.setattr(wording, "_catalogue", lambda _: Pseudo())
    environment.environment.cache_clear()
    yield
    environment.environment.cache_clear()


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize("path", ["/sign-in", "/forgotten", "/setup/nothing", "/join/nothing"])
def test_no_text_of_the_way_in_is_left_out(seen, path):
    assert untold(seen.get(path)) == []


@pytest.mark.parametrize(
    ("wanted", "accepted", "expected"),
    [
        ("de", "fr", "de"),
        ("", "fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", "fr"),
        ("", "zh-TW,zh;q=0.9", "zh-CN"),
        ("", "de;q=0,es", "es"),
        ("", "da, nl", "en"),
        ("", "", "en"),
        ("xx", "de;q=nonsense, es;q=0.1", "es"),
    ],
)
def test_the_language_is_the_chosen_one_or_what_the_browser_accepts(wanted, accepted, expected):
    assert language_for(wanted, accepted) == expected
