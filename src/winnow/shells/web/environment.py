"""The templates, once for each language: escaped wherever they stand, and strict about what they are given."""

import re
from collections.abc import Mapping
from datetime import datetime, tzinfo
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from winnow.shells.web.assets import address
from winnow.shells.web.sentences import owner_in, sentence
from winnow.shells.web.wording import Words

_NAME = re.compile("`([^`\n]+)`")


@lru_cache(maxsize=16)
def environment(language: str, zone: tzinfo) -> tuple[Environment, Words]:
    """The templates of a language, and its words."""
    words = Words(language, zone)
    templates = Environment(
        loader=PackageLoader("winnow.shells.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    _install(templates, words)
    templates.filters.update(
        count=words.count,
        percent=words.percent,
        day=words.day,
        time=words.time,
        moment=words.moment,
        lasting=words.lasting,
        iso=datetime.isoformat,
        capitalize_first=capital,
        sentence=lambda text, name_of=str: _named(_filled(sentence(words, str(text), name_of), {})),
        owner=lambda name: owner_in(words, str(name)),
    )
    templates.globals.update(static=address, words=words, comma=words.comma)
    return templates, words


def _install(templates: Environment, words: Words) -> None:
    """The functions that templates say texts with.

    Jinja's own take every text for markup of ours and for one to put values into. Here texts of rules, entries and
    errors go the same way, so that catalogues may translate them, and these may hold anything.
    """

    def gettext(text: str, /, **values: object) -> Markup:
        return _filled(words.gettext(text), values)

    def ngettext(one: str, many: str, num: int, /, **values: object) -> Markup:
        return _filled(words.ngettext(one, many, num), {"num": words.count(num), **values})

    def pgettext(context: str, text: str, /, **values: object) -> Markup:
        return _filled(words.pgettext(context, text), values)

    templates.install_gettext_callables(  # type: ignore[attr-defined]  # put there by the extension
        gettext, ngettext, newstyle=False, pgettext=pgettext
    )


def _filled(text: str, values: Mapping[str, object]) -> Markup:
    """A text, escaped, with values in it, which are escaped as well; apostrophes harm nobody between double quotes."""
    said = Markup(str(escape(text)).replace("&#39;", "'"))  # noqa: S704  # escaped in this very line
    return said % values if values else said


def _named(said: Markup) -> Markup:
    """Names that stand between backticks in a sentence, as a page shows names."""
    return Markup(_NAME.sub(r"<code>\1</code>", str(said)))  # noqa: S704  # what comes in is escaped


def capital(text: object) -> str:
    """A sentence out of the words of an error, which begin small."""
    said = str(text)
    return said[:1].upper() + said[1:]
