"""A model card as one HTML page: no script, nothing fetched, readable on a phone, on paper and read aloud."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from winnow.core.learning.figures.plain import counted, grouped, in_hundred, per_hundred, signed, small
from winnow.shells.cards.drawing import chart_style
from winnow.shells.cards.figures import MOST_BARS, feature_charts, found_charts, over_time, pair_charts, reliability
from winnow.shells.cards.shown import capital, day, shown_all


def card_html(document: Mapping[str, Any]) -> str:
    """The page of a card's document, the same for the same document; texts in it are escaped wherever they stand."""
    card = shown_all(document)
    return (
        _pages()
        .get_template("card.html.j2")
        .render(
            card=card,
            words=card["words"],
            features=list(zip(card["features"], feature_charts(card), strict=True)),
            pairs=pair_charts(card),
            found=list(found_charts(card)),
            time=over_time(card),
            reliability=reliability(card),
            most_bars=MOST_BARS,
            chart_style=chart_style(),
        )
    )


@lru_cache(maxsize=1)
def _pages() -> Environment:
    pages = Environment(
        loader=PackageLoader("winnow.shells.cards"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    pages.filters.update(
        capital=capital,
        counted=counted,
        day=day,
        grouped=grouped,
        in_hundred=in_hundred,
        per_hundred=per_hundred,
        signed=signed,
        small=small,
    )
    return pages
