"""Model cards as people read them: a page, a text, and the charts both the page and other screens draw."""

from winnow.shells.cards.page import card_html
from winnow.shells.cards.text import card_text

__all__ = ["card_html", "card_text"]
