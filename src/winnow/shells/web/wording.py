"""Words, dates and numbers in the language of whoever reads: from catalogues, in English where one lacks."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from gettext import NullTranslations
from importlib.resources import files
from io import BytesIO

from babel import Locale
from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from babel.support import Translations

#: Language → its own name; the first is what the texts are written in.
LANGUAGES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "zh-CN": "简体中文"}

SOURCE = "en"
_CLDR = {"zh-CN": "zh_Hans_CN"}
_MINUTE = timedelta(minutes=1)


class Words:
    """How things are said in one language.

    zone: what days and times are told in · comma: what stands between things in a row, with its blank
    """

    def __init__(self, language: str, zone: tzinfo) -> None:
        self.language = language
        self.locale = Locale.parse(_CLDR.get(language, language))
        self.right_to_left = self.locale.text_direction == "rtl"
        self.zone = zone
        self.comma = self.locale.list_patterns["standard"]["middle"].format("", "")
        self._catalogue = _catalogue(language)

    def gettext(self, text: str) -> str:
        """A text."""
        return self._catalogue.gettext(text)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """A text for a number of things."""
        return self._catalogue.ngettext(one, many, count)

    def pgettext(self, context: str, text: str) -> str:
        """A text that would be ambiguous without its context."""
        return self._catalogue.pgettext(context, text)

    def listed(self, texts: Sequence[str]) -> str:
        """Several texts of the catalogue in a row, as the language sets them apart."""
        return format_list([self.gettext(text) for text in texts], locale=self.locale)

    def count(self, number: float) -> str:
        """A number with its thousands apart."""
        return format_decimal(number, locale=self.locale)

    def percent(self, share: float, digits: int = 0) -> str:
        """A share of 1, in hundredths, with so many digits behind the point."""
        pattern = self.locale.percent_formats[None].pattern
        shown = pattern.replace("#,##0", f"#,##0.{'0' * digits}") if digits else pattern
        return format_percent(share, shown, locale=self.locale)

    def day(self, at: date) -> str:
        """A day; of a moment, the one it falls on."""
        return format_date(self._zoned(at) if isinstance(at, datetime) else at, "medium", locale=self.locale)

    def time(self, at: datetime) -> str:
        """A time of day."""
        return format_time(self._zoned(at), "short", locale=self.locale)

    def moment(self, at: datetime) -> str:
        """A day and a time, with the zone they are told in."""
        zoned = self._zoned(at)
        return f"{format_datetime(zoned, 'medium', locale=self.locale)} {zoned.tzname() or ''}".rstrip()

    def _zoned(self, at: datetime) -> datetime:
        """A moment in the zone; one at the end of all years, which programs write for "never", as it is."""
        try:
            return at.astimezone(self.zone)
        except OverflowError:
            return at

    def lasting(self, span: timedelta) -> str:
        """A span of time, roughly."""
        return format_timedelta(max(span, _MINUTE), locale=self.locale, threshold=1.4)

    def ago(self, at: datetime, now: datetime) -> str:
        """How far a moment is away."""
        span = at - now
        return format_timedelta(span, add_direction=True, locale=self.locale, threshold=1.4)


def language_for(wanted: str, accepted: str, otherwise: str = SOURCE) -> str:
    """The language to speak: the one that was chosen, or the first that a browser accepts (RFC 9110 section 12.5.4)."""
    if wanted in LANGUAGES:
        return wanted
    for tag in _by_weight(accepted):
        for language in LANGUAGES:
            if tag == language.lower() or tag.partition("-")[0] == language.partition("-")[0].lower():
                return language
    return otherwise if otherwise in LANGUAGES else SOURCE


def _by_weight(accepted: str) -> Sequence[str]:
    tags = []
    for place, part in enumerate(accepted[:500].split(",")):
        tag, _, weight = part.strip().partition(";q=")
        try:
            tags.append((-float(weight or 1), place, tag.strip().lower()))
        except ValueError:
            continue
    return [tag for weight, _, tag in sorted(tags) if weight < 0]


@lru_cache(maxsize=len(LANGUAGES) + 1)
def _catalogue(language: str) -> NullTranslations:
    """The texts of a language, read from what translators write: there is nothing to compile, and to forget."""
    if language == SOURCE:
        return NullTranslations()
    packed = BytesIO()
    write_mo(packed, read_po(BytesIO((files("winnow.shells.web") / "locale" / f"{language}.po").read_bytes())))
    packed.seek(0)
    return Translations(packed)
