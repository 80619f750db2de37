"""The page: parsed as a browser would, with hostile texts in every place where a text may stand."""

import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from tests.support.cards import CERTIFICATE, card_facts
from tests.support.naughty import NAUGHTY
from winnow.core.learning.card.document import (
    CardFacts,
    ColumnFacts,
    GroupFacts,
    OverrideFacts,
    PartFacts,
    card_document,
)
from winnow.core.learning.card.facts import BinFacts, FeatureFacts
from winnow.shells.cards import card_html

VOID = {"meta", "br", "hr", "img", "input", "link"}
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><script>alert(1)</script>",
    "</title></svg><script>",
    "{{ 7*7 }}{% raw %}",
    '=HYPERLINK("http://x.example")',
    "\u202egnp.exe",
    "שלום עולם",
    "مرحبا",
    "👩‍👩‍👧 emoji",
    "a\0b\x1b[31m",
    "half \ud800 pair",
    "&lt;already&gt; & 'quoted'",
)


class Page(HTMLParser):
    """All elements with their attributes, their texts, and whether they were closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.children: list[list[str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append((self.open[-1] if self.open else "", data))

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.elements)

    def text(self) -> str:
        return " ".join(" ".join(data for tag, data in self.texts if tag != "style").split())


def page(facts: CardFacts) -> Page:
    found = Page(card_html(card_document(facts)))
    assert found.open == []
    return found


CARD = page(card_facts())


def test_it_is_the_same_for_the_same_card():
    assert card_html(card_document(card_facts())) == card_html(card_document(card_facts()))


def harmless(found: Page) -> None:
    """Nothing runs, nothing is fetched, nothing styles itself."""
    assert {tag for tag, _ in found.elements} <= ALLOWED
    for _, attributes in found.elements:
        assert not [name for name in attributes if name.startswith("on") or name in {"src", "style", "action"}]
        assert (attributes.get("href") or "#").startswith("#")


ALLOWED = set(
    "html head meta title style body a header p h1 h2 h3 dl div dt dd bdi nav ul li main section figure figcaption "
    "svg desc rect circle line path text details summary table caption thead tbody tr th td span b strong "
    "footer".split()
)


def test_it_runs_nothing_and_fetches_nothing():
    harmless(CARD)
    whole = card_html(card_document(card_facts()))
    assert not re.search(r"https?:|//|@import|url\(|<script", whole)


def test_it_has_a_language_one_title_and_headings_in_order():
    assert ("html", {"lang": "en"}) in CARD.elements
    assert [tag for tag, _ in CARD.elements].count("h1") == 1
    levels = [int(tag[1]) for tag, _ in CARD.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_links_lead_somewhere_and_no_id_is_there_twice():
    ids = Counter(attributes["id"] for _, attributes in CARD.elements if "id" in attributes)
    assert max(ids.values()) == 1
    assert {(attributes["href"] or "").lstrip("#") for tag, attributes in CARD.elements if tag == "a"} <= set(ids)


def test_every_drawing_is_named_described_and_has_a_table_beside_it():
    whole = card_html(card_document(card_facts()))
    figures = re.findall(r"<figure>.*?</figure>", whole, re.DOTALL)
    assert sum(figure.count("<svg") for figure in figures) == whole.count("<svg") == 8
    for drawing in re.findall(r"<svg.*?</svg>", whole, re.DOTALL):
        assert re.match(
            r'<svg class="chart" viewBox="[^"]+" role="img"><title>[^<]+</title><desc>[^<]+</desc>', drawing
        )
    for figure in figures:
        assert "<svg" in figure
        assert re.search(r"<details>.*<table>.*<caption>.+</caption>.*</details>", figure, re.DOTALL)


def test_every_table_has_a_caption_and_scrolls_in_a_box_that_keys_can_reach():
    boxes = [attributes for _, attributes in CARD.elements if (attributes.get("class") or "").startswith("wide")]
    assert len(boxes) == CARD.count("table") == CARD.count("caption")
    assert all(box["tabindex"] == "0" and box["role"] == "region" and box["aria-label"] for box in boxes)
    assert all(attributes.get("scope") for tag, attributes in CARD.elements if tag == "th")


def test_rows_are_as_wide_as_their_heads():
    whole = card_html(card_document(card_facts(certificate=CERTIFICATE)))
    for table in re.findall(r"<table>.*?</table>", whole, re.DOTALL):
        wide = {
            sum(int(span or 1) for span in re.findall(r'<t[hd](?: (?:colspan="(\d)")?[^>]*)?>', row))
            for row in re.findall(r"<tr>.*?</tr>", table, re.DOTALL)
        }
        assert len(wide) == 1, table


@pytest.mark.parametrize(
    "told",
    [
        "Of 100 junk leads it would find 62",
        "It may not reject anybody: 212 more labels are needed.",
        "62 of 100 junk leads found",
        "Time on the website",
        "under 30 s",
        "few leads",
        "too few to say",
        "0.83 (0.80 to 0.86)",
        "Allowed all the same by Ana Lima : filled in by the form itself",
        "Time on the website together with where the lead came from",
        "may only fall with the value",
        "may only rise with the value",
        "credit, loans or payment terms",
        "changed the AUC by −0.00002 and the log-loss by −0.00001",
        "source not known",
    ],
)
def test_it_says(told):
    assert told in CARD.text()


def test_a_certificate_is_shown_with_its_end():
    told = page(card_facts(certificate=CERTIFICATE)).text()
    assert "1 February 2027" in told
    assert "212 more labels" not in told


def test_a_card_about_nothing_is_still_a_page():
    nothing = PartFacts(0, 0)
    empty = card_facts(
        fit=nothing,
        holdout=nothing,
        columns=(),
        checks=(),
        quality=None,
        quality_fit=None,
        slices=(),
        groups=(),
        reliability=(),
        rounding=None,
        features=(),
        pairs=(),
        bands=(),
        assumptions=(),
    )
    assert "it gives every lead the same points" in page(empty).text()


def named(text: str) -> CardFacts:
    """The card with a text in every place that somebody else may fill."""
    bins = (BinFacts(text, 300, 50), BinFacts("unknown", 0, 10, "unknown"))
    features = (
        FeatureFacts("a.b", text, text, "category", bins),
        FeatureFacts("a.c", text, text, "numeric", (*bins[:1], *bins), (1.5,)),
    )
    return card_facts(
        id=text,
        target=text,
        meaning=text,
        author=text,
        owner=text,
        made_at=text,
        columns=(ColumnFacts(text, text, text, True, text, text, "refused", (text,), OverrideFacts(text, text)),),
        groups=(GroupFacts(text, text, 5, None),),
        features=features,
        caps={text: 5},
        not_certified=text,
        unknowns=(text,),
        assumptions=(text,),
        settings={text: text},
        versions={text: text},
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_from_outside_are_shown_and_do_nothing(text):
    found = page(named(text))
    harmless(found)
    safe = "".join(letter if letter.isprintable() or letter in "\u200c\u200d" else "\ufffd" for letter in text)
    assert ("bdi", safe) in found.texts
    assert ("td", safe) in found.texts


def test_no_naughty_text_breaks_the_page():
    found = page(named(" ".join(text for text in NAUGHTY if len(text) < 300)))
    harmless(found)
    assert not set("".join(data for _, data in found.texts)) & set("\x00\x1b\u202e\ud800")


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_colours_can_be_read_in_both_themes():
    whole = card_html(card_document(card_facts()))
    themes = [
        dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block))
        for block in re.findall(r":root \{([^}]*--ink[^}]*)\}", whole)
    ]
    assert len(themes) == 3
    for theme in themes[:2]:
        for name, least in {"ink": 7, "muted": 4.5, "towards": 4.5, "away": 4.5, "leads": 3}.items():
            light, dark = sorted((luminance(theme[name]), luminance(theme["paper"])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= least, name
