import pytest

from tests.support.project import ROOT
from winnow.demo import COLUMNS
from winnow.demo.stories import STORIES

PAGE = (ROOT / "docs" / "demo.md").read_text(encoding="utf-8")


def row_of(story):
    """A story's row in the documentation: name, leads in a thousand, truth, the function's own words."""
    share = 1000 * story.weight / sum(each.weight for each in STORIES)
    truth = "junk" if story.junk else "lost" if story.loses == 1 else "genuine"
    return f"| `{story.name}` | {share:.0f} | {truth} | {story.tell.__doc__} |"


@pytest.mark.parametrize("story", STORIES, ids=[story.name for story in STORIES])
def test_every_story_is_documented_in_its_own_words(story):
    assert row_of(story) in PAGE


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_is_documented(column):
    assert f"`{column}`" in PAGE
