"""Whatever the core says in a sentence, a page says in the reader's language."""

import ast
import inspect
import re
from datetime import UTC, date, datetime
from gettext import NullTranslations
from itertools import product
from pathlib import Path
from textwrap import dedent

import pytest

from winnow.core.govern import allowed, ask, gate_person, gate_system, permit, requirement
from winnow.core.govern.consent_events import WRITTEN, Act, Capture
from winnow.core.govern.consent_said import lapsed, no, unknown, waiting, when, yes
from winnow.core.govern.gate_person import _WORDS
from winnow.core.govern.risk import Trait, assess
from winnow.core.govern.systems import AiSystem, Status, may_act
from winnow.core.govern.terms import Channel
from winnow.core.learning.ladder import Evidence, Rung, missing
from winnow.shells.web import wording
from winnow.shells.web.core_sentences import ALIKE
from winnow.shells.web.environment import environment
from winnow.shells.web.sentences import found, owner_in, sentence
from winnow.shells.web.wording import Words

SOURCES = Path(wording.__file__).parents[2]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = date(2026, 11, 3).toordinal()

#: Parts of sentences, and what is said to programs alone.
PARTS = {*_WORDS.values(), gate_system._FOUR_EYES, "7; needed is 7", ", "}
TO_PROGRAMS = ("use ", "is no id of", "is not 1 to ", "more than ", "is no word for", "is no permit", "a permit ")


def written_in(*modules):
    """Every sentence in the source of modules, with a 7 for whatever is filled in."""
    for module in modules:
        tree, known = ast.parse(dedent(inspect.getsource(module))), getattr(module, "__globals__", vars(module))
        filled = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
        told = {id(part) for node in filled for part in ast.walk(node)}
        told |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in (*filled, *(each for each in ast.walk(tree) if id(each) not in told)):
            text = _text(node, known)
            if text and " " in text and not any(each in text for each in TO_PROGRAMS):
                yield text


def _text(node, known):
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return None
    names = {each: getattr(getattr(each, "value", None), "id", "") for each in node.values}
    return "".join(_text(each, known) or str(known.get(name, "7")) for each, name in names.items())


def test_every_sentence_of_the_gate_is_known():
    said = {*written_in(ask, gate_system, gate_person, allowed, requirement)} - PARTS
    assert len(said) > 60
    assert [text for text in sorted(said) if found(text) is None] == []


def test_every_reason_why_a_system_may_not_act_is_known():
    said = set()
    for status, owner, active, signed, day in product(
        Status, (None, "us_a"), (True, False), (True, False), (None, date(2026, 11, 1), date(2027, 1, 1))
    ):
        system = AiSystem("acme", "Acme", "x", "1", owner=owner, status=status, next_review=day)
        said |= {*may_act(system, NOW, active, signed).because}
    assert len(said) == 8
    assert [text for text in said if found(text) is None] == []
    assert found("the system may not act: " + min(said)) is not None


def test_every_reason_why_a_permit_does_not_hold_is_known():
    since = {"a kill switch is engaged for it", "the policy is another one now", "it was for one use, and was used"}
    said = {*written_in(permit.Permit.objection)} | since
    assert len(said) > 4
    assert [text for text in said - {"it is for another 7"} if found(text) is None] == []
    for name in ("address", "system", "action", "channel", "purpose", "policy"):
        assert found(f"this permit does not hold: it is for another {name}")
        assert found(f"it is for another {name}")


def test_a_sentence_nobody_says_any_more_is_not_kept():
    folders = [SOURCES / name for name in ("core", "services", "bootstrap", "shells/web")]
    files = [path for each in folders for path in each.rglob("*.py") if path.name != "core_sentences.py"]
    said = "".join(path.read_text() for path in files)
    assert [core for core in ALIKE if not any(part in said for part in _parts_of(core))] == []


def _parts_of(core):
    """What a sentence begins with, or has between its holes: as it is, and with a small letter as the core says it."""
    whole = max(re.split(r"%\(\w+\)s", core.removesuffix(".")), key=len).strip(" ,:")
    part = whole.partition(", ")[0].partition(": ")[0]
    return part, part[0].lower() + part[1:]


@pytest.mark.parametrize("day", [None, DAY])
def test_every_standing_of_consent_is_known(day):
    at = when(day, DAY)
    waits = waiting(Capture.FORM, at, "news-1")
    denials = [no(act, how, at, channel, purpose, waits if act is not Act.BAR and how in WRITTEN else "")
               for act in (Act.OBJECTION, Act.OPT_OUT, Act.BAR) for how in Capture
               for channel in (None, Channel.SMS) for purpose in (None, "marketing")]  # fmt: skip
    grants = [yes(basis, how, at, end) for basis in ("express", "purchase") for how in Capture for end in (None, DAY)]
    over = [lapsed(how, at, end, more) for how in Capture for end in (None, DAY) for more in ("", waits)]
    every = [*denials, *grants, *over, *(f"{each}, after an earlier no" for each in grants), waits]
    words = Words("en", UTC)
    for text in (*every, unknown(-1), unknown(3)):
        for said in (text, *(f"{text}; needed is {needed}" for needed in _WORDS.values())):
            assert found(said), said
            whole = sentence(words, said)
            assert "2026-" not in whole, said
            assert whole.endswith("."), said


def test_all_that_a_rung_lacks_is_known():
    none = Evidence(0.5, 1_200, 3, 0.25, incidents=2)
    said = {text for rung in (Rung.TAG, Rung.REVIEW, Rung.REJECT) for text in missing(rung, none)}
    assert len(said) > 10
    assert [text for text in said if found(text) is None] == []


@pytest.mark.parametrize(
    ("core", "told"),
    [
        ("its review was due on 2026-11-01: review it", "Its review was due on Nov 1, 2026: review it."),
        (
            "the system may not act: its review was due on 2026-11-01: review it",
            "The system may not act. Its review was due on Nov 1, 2026: review it.",
        ),
        (
            "the person agreed on 2026-11-03 by word of mouth, provisional, until 2026-12-03, after an earlier no; "
            "needed is the person's own yes",
            "The person agreed on Nov 3, 2026 (they said so). It is provisional, and holds until Dec 3, 2026. "
            "It took back an earlier no. What is needed: the person's own yes.",
        ),
        ("a kill switch is engaged: odd, until 2026-11-01", "A kill switch is engaged: odd, until 2026-11-01"),
        (
            "this ruleset may not be activated: nobody has signed it; it has expired",
            "This ruleset may not be activated. Nobody has signed it. It has expired.",
        ),
        ("10.0% of those proven junk, 50.0% needed", "Proven junk among those: 10.0%. Needed: 50.0%."),
        ("write it with its country: +49…", "Write it with its country: +49…"),
        ("The law says so.", "The law says so."),
        ("nothing known of this", "Nothing known of this."),
        ("", ""),
    ],
)
def test_a_sentence_is_told_whole(core, told):
    assert sentence(Words("en", UTC), core) == told


def test_people_are_told_by_their_names():
    text = "who signed it may not do so any more: us_a, us_b"
    named = sentence(Words("zh-CN", UTC), text, {"us_a": "Ana", "us_b": "Bo"}.__getitem__)
    assert "Ana、Bo" in named


def test_grounds_with_brackets_in_their_source_are_told_whole():
    refused = assess(frozenset({Trait.EXPLOITS})).refused or ""
    assert sentence(Words("en", UTC), refused).endswith("No policy allows it (EU AI Act, Article 5(1)(a) and (b)).")


class Pseudo(NullTranslations):
    """A language that shows what came from its catalogue."""

    def gettext(self, message):
        return f"⟦{message}⟧"


def test_what_is_within_a_sentence_is_told_in_the_language_too(monkeypatch):
    monkeypatch.setattr(wording, "_catalogue", lambda _: Pseudo())
    words = Words("de", UTC)
    said = sentence(words, "the person agreed on 2026-11-03 with a form; needed is the person's own yes")
    assert said == "⟦⟦The person agreed ⟦on 03.11.2026⟧ (⟦they sent a form⟧).⟧ What is needed: the person's own yes.⟧"
    barred = no(Act.BAR, Capture.SYNC, when(None, DAY), Channel.SMS, None)
    assert "(⟦another system⟧; ⟦text message⟧ · ⟦every purpose⟧)" in sentence(words, barred)


def test_an_owner_that_nobody_named_is_told_in_the_language():
    words = Words("de", UTC)
    assert owner_in(words, "nobody yet") == "noch niemand"
    assert owner_in(words, "Nora") == "Nora"


def test_sentences_are_escaped():
    told = environment("en", UTC)[0].from_string("{{ text | sentence }}").render(text='it\'s <b>"bold"</b>')
    assert told == "It's &lt;b&gt;&#34;bold&#34;&lt;/b&gt;."
