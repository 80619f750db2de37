"""Long lists, read page by page."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of many things; `next` is the cursor of those that follow, None at the end."""

    items: tuple[T, ...]
    next: str | None
