"""The pages of docs/ about commands and settings, made from their declarations so that they cannot fall behind."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import typer

from winnow.config import SETTINGS
from winnow.shells.cli.app import app


class Parameter(NamedTuple):
    """An argument or an option: how it is written, what it is for, and what holds without it."""

    written: str
    meaning: str
    default: str


class Command(NamedTuple):
    """One command with everything that can be said to it."""

    name: str
    meaning: str
    parameters: tuple[Parameter, ...]


def commands() -> tuple[Command, ...]:
    """`winnow` itself, then every command."""
    return tuple(_walked("winnow", typer.main.get_command(app)))


def _walked(name: str, command: Any) -> Iterator[Command]:  # noqa: ANN401  # of a library inside another one
    inner = getattr(command, "commands", {})
    if not inner or name == "winnow":
        yield Command(name, _paragraphs(command.help), tuple(_parameters(command)))
    for verb, each in inner.items():
        yield from _walked(f"{name} {verb}", each)


def _paragraphs(text: str | None) -> str:
    return "\n\n".join(" ".join(part.split()) for part in (text or "").split("\n\n"))


def _parameters(command: Any) -> Iterator[Parameter]:  # noqa: ANN401  # as above
    for each in command.params:
        argument = each.param_type_name == "argument"
        written = each.name.upper() if argument else ", ".join(sorted(each.opts, key=len))
        if not argument and not each.is_flag:
            written += f" {_placeholder(each)}"
        yield Parameter(written, each.help or "", _default(each))


def _placeholder(option: Any) -> str:  # noqa: ANN401  # as above
    kind = str(option.type_descriptor.annotation)
    return "FILE" if "Path" in kind else "N" if "int" in kind else "TEXT"


def _default(parameter: Any) -> str:  # noqa: ANN401  # as above
    if parameter.required:
        return "required"
    return "" if parameter.default in {None, False} or callable(parameter.default) else f"`{parameter.default}`"


_EXIT_CODES = {
    0: "done",
    1: "failed: the disk is full, a worker process died, `doctor` found something broken",
    2: "the command, its input, a map, a ruleset or a setting cannot be used as it is",
    3: "done, and something was found: an example that does not hold, an odd rule, a difference between rulesets, "
    "a log that is not what was signed, a damaged backup, tables to be brought up to date",
    4: "refused by the policy: data that is off limits was named to be learned from",
    5: "who asks may not do this",
    130: "interrupted by Ctrl-C",
}


def commands_page() -> str:
    """docs/cli.md."""
    parts = [_CLI_HEAD, *(_command_section(each) for each in commands())]
    codes = [f"| {code} | {meaning} |" for code, meaning in _EXIT_CODES.items()]
    parts.append("\n".join(["## Exit codes", "", "| code | meaning |", "|---|---|", *codes]))
    return "\n\n".join(parts) + "\n"


_CLI_HEAD = """\
# Commands

<!-- Made by `make docs` from the code; change it there. -->

Results go to standard output, messages and progress to standard error; with `--json` standard output is data and
nothing else. An error says what is wrong, where, and how to mend it. What goes into a file appears there only when it
is complete. Every command explains itself with `-h`; settings that apply to several commands are in
[configuration.md](configuration.md), what files may look like in [files.md](files.md)."""


def _command_section(command: Command) -> str:
    lines = [f"## `{command.name}`", "", command.meaning]
    if command.parameters:
        lines += ["", "| | meaning | default |", "|---|---|---|"]
        lines += [f"| `{each.written}` | {each.meaning} | {each.default} |" for each in command.parameters]
    return "\n".join(lines)


def settings_page() -> str:
    """docs/configuration.md."""
    rows = [f"| `{each.name}` | `{each.variable}` | {each.meaning} | {_shown(each.default)} |" for each in SETTINGS]
    table = ["| setting | environment | meaning | default |", "|---|---|---|---|", *rows]
    return "\n".join([_SETTINGS_HEAD, *table]) + "\n"


def _shown(default: str) -> str:
    return f"`{default}`" if default else ""


_SETTINGS_HEAD = """\
# Configuration

<!-- Made by `make docs` from the code; change it there. -->

Winnow works without any setting. A setting is taken from the first of these that has it:

1. the flag of the command, where there is one ([cli.md](cli.md));
2. the environment variable; with `__FILE` behind its name it names a file that holds the value;
3. `winnow.toml` in the current folder, or the file given with `--config`;
4. the default.

`winnow config show` prints every setting, its value and where it comes from. In `winnow.toml` the part before the dot
is a table:

```toml
[screen]
workers = 2
customers = "customers.txt"

[facts]
mmdb = ["country.mmdb", "anonymous-ip.mmdb"]
```

Paths are relative to the current folder.
"""
