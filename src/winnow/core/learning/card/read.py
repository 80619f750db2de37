"""Reading facts back from a stored document: nothing is trusted, every mistake is named by its place."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from math import isfinite
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from winnow.errors import InvalidInputError

T = TypeVar("T")

_WORDS = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}


def read(kind: type[T], document: object, place: str = "") -> T:
    """A dataclass from a table of its fields; keys it does not have are left alone.

    Fields may be text, whole number, number, flag, another dataclass, a tuple or mapping of these, or None.
    """
    if not isinstance(document, Mapping):
        raise _refusal(place, "a table")
    hints = _hints(kind)  # type: ignore[arg-type]  # classes are hashable
    found = {}
    for each in fields(kind):  # type: ignore[arg-type]  # only dataclasses come here
        path = f"{place}.{each.name}" if place else each.name
        if each.name not in document:
            raise InvalidInputError(f"`{each.name}` is missing", where=path, fix="take the card as it was written")
        found[each.name] = _value(hints[each.name], document[each.name], path)
    return kind(**found)


@lru_cache(maxsize=64)
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _value(kind: Any, found: object, place: str) -> Any:  # noqa: ANN401  # a type, and a value of it
    if isinstance(kind, UnionType):
        (inner,) = (each for each in get_args(kind) if each is not NoneType)
        return None if found is None else _value(inner, found, place)
    if is_dataclass(kind):
        return read(kind, found, place)  # type: ignore[arg-type]  # a class, not one of its objects
    if get_origin(kind) is tuple:
        return _items(get_args(kind)[0], found, place)
    if get_origin(kind) is not None:
        return _entries(get_args(kind)[1], found, place)
    return _scalar(kind, found, place)


def _items(kind: Any, found: object, place: str) -> tuple[Any, ...]:  # noqa: ANN401  # see _value
    if not isinstance(found, list):
        raise _refusal(place, "a list")
    return tuple(_value(kind, each, f"{place}[{index}]") for index, each in enumerate(found))


def _entries(kind: Any, found: object, place: str) -> dict[str, Any]:  # noqa: ANN401  # see _value
    if not isinstance(found, Mapping):
        raise _refusal(place, "a table")
    return {str(key): _value(kind, each, f"{place}.{key}") for key, each in found.items()}


def _scalar(kind: type, found: object, place: str) -> object:
    if kind is float and type(found) is int:
        return float(found)
    if type(found) is not kind or (isinstance(found, float) and not isfinite(found)):
        raise _refusal(place, _WORDS[kind])
    return found


def _refusal(place: str, word: str) -> InvalidInputError:
    return InvalidInputError(f"expected {word}", where=place or None, fix="take the card as it was written")
