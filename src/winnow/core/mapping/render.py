"""Writing a map as the TOML a person can keep, mend and pass to `--map`."""

import json
from collections.abc import Mapping

from winnow.core.mapping.model import LeadMapping, Take


def render_mapping(mapping: LeadMapping) -> str:
    """The map as TOML; `parse_mapping` reads it back to the same map."""
    plain = [f"{target} = {_take(take)}" for target, take in mapping.takes.items() if "." not in target]
    if mapping.missing:
        plain.append(f"missing = {_list(mapping.missing)}")
    if mapping.optional:
        plain.append(f"optional = {_list(mapping.optional)}")
    blocks = ["\n".join(plain), _group("utm", mapping), _group("custom", mapping), _csv(mapping)]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _group(group: str, mapping: LeadMapping) -> str:
    lines = [
        f"{target.partition('.')[2]} = {_take(take)}"
        for target, take in mapping.takes.items()
        if target.startswith(f"{group}.")
    ]
    return "\n".join([f"[{group}]", *lines]) if lines else ""


def _csv(mapping: LeadMapping) -> str:
    options = mapping.csv
    given = {"delimiter": options.delimiter, "encoding": options.encoding, "quote": options.quote}
    lines = [f"{key} = {_text(value)}" for key, value in given.items() if value is not None]
    return "\n".join(["[csv]", *lines]) if lines else ""


def _take(take: Take) -> str:
    options = _options(take)
    if len(take.columns) == 1 and not options:
        return _text(take.columns[0])
    if len(take.columns) > 1 and not options:
        return _list(take.columns)
    if take.value is not None:
        options = {"value": _text(take.value), **options}
    elif len(take.columns) == 1:
        options = {"column": _text(take.columns[0]), **options}
    else:
        options = {"columns": _list(take.columns), **options}
    return _table(options)


def _options(take: Take) -> dict[str, str]:
    """What differs from the usual way, as TOML."""
    usual = Take()
    texts = {
        "as": (take.reading, usual.reading),
        "format": (take.format, usual.format),
        "timezone": (take.timezone, usual.timezone),
        "join": (take.join, usual.join),
        "separator": (take.separator, usual.separator),
        "decimal": (take.decimal, usual.decimal),
    }
    options = {key: _text(given) for key, (given, default) in texts.items() if given is not None and given != default}
    if take.scale != usual.scale:
        options["scale"] = repr(take.scale)
    if take.missing:
        options["missing"] = _list(take.missing)
    if take.values:
        options["values"] = _table({_text(key): _text(value) for key, value in take.values.items()})
    return options


def _table(items: Mapping[str, str]) -> str:
    return f"{{ {', '.join(f'{key} = {value}' for key, value in items.items())} }}"


def _list(texts: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_text, texts))}]"


def _text(text: str) -> str:
    """A basic string: JSON's escapes are also TOML's, but for the delete character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
