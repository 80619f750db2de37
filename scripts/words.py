"""Collect the texts of the pages for translators: `make words` brings every catalogue up to date."""

import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from winnow.core.govern.limits import CATEGORIES, PURPOSES
from winnow.core.govern.risk import QUESTIONS, Trait, assess
from winnow.core.govern.systems_own import own_system
from winnow.core.reasons import REASON_KINDS
from winnow.core.review.disposition import LET_THROUGH, REJECT_REASONS
from winnow.core.review.reading import FOR_REPS, FOR_REVIEWERS
from winnow.core.signals.registry import SIGNALS
from winnow.services.lead_file import COVER
from winnow.shells.web.wording import LANGUAGES, SOURCE

WEB = Path(__file__).parents[1] / "src" / "winnow" / "shells" / "web"
LOCALE = WEB / "locale"

_METHODS = [("templates/**.html", "jinja2.ext.babel_extract"), ("**.py", "python")]
_OPTIONS = {"templates/**.html": {"trimmed": "false", "newstyle_gettext": "true", "extensions": "jinja2.ext.do"}}
_KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}


def texts() -> Catalog:
    """Every text there is to translate, with where it stands."""
    catalogue = Catalog(project="Winnow", charset="utf-8")
    found = extract_from_dir(WEB, _METHODS, _OPTIONS, keywords=_KEYWORDS, comment_tags=["Translators:"])
    for name, _line, message, comments, context in found:
        catalogue.add(message, None, [(name, 0)], auto_comments=comments, context=context)
    for text, where in _of_the_core():
        catalogue.add(text, None, [(where, 0)])
    return catalogue


def _of_the_core() -> Iterator[tuple[str, str]]:
    """Texts that come with signals and reasons, which are shown on pages too."""
    yield from ((signal.label, "core/signals") for signal in SIGNALS)
    yield from ((why.text, "core/review") for why in (*REJECT_REASONS, LET_THROUGH))
    yield from ((signal.unit, "core/signals") for signal in SIGNALS if signal.unit not in {"", "yes/no"})
    yield from ((kind.plain, "core/reasons") for kind in REASON_KINDS)
    yield from ((text, "core/review") for text in (*FOR_REPS.values(), *FOR_REVIEWERS.values()))
    yield COVER, "the file of a lead"
    yield from ((text, "the starter scorecard") for text in starter_texts())
    yield from ((text, "core/govern") for text in governing_texts())
    yield from ((text, "law packs") for text in law_texts())


def starter_texts() -> Iterable[str]:
    """What the bins of the starter scorecard say."""
    from winnow.adapters.rulesets import read_ruleset  # noqa: PLC0415  # reads a file of the package

    card = read_ruleset(None).scorecard
    bins = [each for feature in card.features for each in feature.bins]
    return sorted({each.text for each in bins if getattr(each, "text", "")})


def governing_texts() -> Iterable[str]:
    """What the risk wizard asks and concludes, what keeps a system from acting, and what data is called."""
    for question in QUESTIONS:
        yield from (question.text, *question.choices.values())
    yield from (because.text for because in assess(frozenset(Trait)).because)
    yield from CATEGORIES.values()
    yield from (purpose.text for purpose in PURPOSES)
    own = own_system()
    yield from (own.name, own.purpose, own.version)


def law_texts() -> Iterable[str]:
    """What law packs are called, and what their rules ask for; articles and sources stay as the law has them."""
    from winnow.adapters.packs import law_packs  # noqa: PLC0415  # reads files of the package

    for pack in law_packs():
        yield pack.title
        yield from (rule.text for rule in pack.rules)


def current(language: str) -> Catalog:
    """The catalogue of a language, brought up to date; texts that are new are empty in it."""
    path = LOCALE / f"{language}.po"
    locale = _cldr(language)
    known = read_po(io.BytesIO(path.read_bytes()), locale=locale) if path.exists() else Catalog(locale)
    known.update(texts(), no_fuzzy_matching=True)
    known.obsolete.clear()
    return known


def written(catalogue: Catalog) -> bytes:
    """A catalogue as its file holds it: no dates and no line numbers, which would change it without need."""
    out = io.BytesIO()
    write_po(out, catalogue, width=120, sort_output=True, include_lineno=False, ignore_obsolete=True)
    lines = out.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if b"-Date:" not in line and b"Generated-By" not in line)


def _cldr(language: str) -> str:
    return {"zh-CN": "zh_Hans_CN"}.get(language, language)


def main() -> None:
    """Bring all catalogues up to date, and say what is left to translate."""
    LOCALE.mkdir(exist_ok=True)
    for language in LANGUAGES:
        if language == SOURCE:
            continue
        catalogue = current(language)
        (LOCALE / f"{language}.po").write_bytes(written(catalogue))
        lacking = sum(1 for message in catalogue if message.id and not _said(message.string))
        print(f"{language}: {len(catalogue)} texts, {lacking} not translated yet")


def _said(string: object) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)


if __name__ == "__main__":
    main()
