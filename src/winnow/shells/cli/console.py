"""What the command line prints where: data on stdout, messages on stderr, errors with place and fix."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import TextIOWrapper
from typing import Any

from rich.console import Console
from rich.text import Text

from winnow.errors import WinnowError
from winnow.shells.ways import at_command_line

#: What people wrote is shown as it is: brackets are no markup, `:word:` is no picture.
_LITERAL: Mapping[str, Any] = {"highlight": False, "soft_wrap": True, "markup": False, "emoji": False}


@dataclass(slots=True)
class Output:
    """Where the running command writes; the global flags set it up."""

    quiet: bool = False
    plain: bool = False
    out: Console = field(default_factory=lambda: Console(**_LITERAL))
    err: Console = field(default_factory=lambda: Console(**_LITERAL, stderr=True))

    def set_up(self, *, plain: bool, quiet: bool, no_color: bool) -> None:
        """Apply the global flags; `plain` is for screen readers and logs: no colour, no drawing."""
        options = {**_LITERAL, "no_color": True if no_color or plain else None}
        self.quiet, self.plain = quiet, plain
        self.out = Console(**options, force_terminal=False if plain else None)
        self.err = Console(**options, stderr=True, force_terminal=False if plain else None)

    def data(self, document: object, *, beside: bool = False) -> None:
        """Print a document as JSON on stdout; `beside` other data there, on stderr."""
        stream = sys.stderr if beside else sys.stdout
        stream.write(json.dumps(document, ensure_ascii=False, indent=2).encode("utf-8", "replace").decode() + "\n")

    def say(self, text: str) -> None:
        """Print a message on stderr, unless quiet."""
        if not self.quiet:
            self.err.print(Text(printable(text)))

    def warning(self, error: WinnowError) -> None:
        """Print, also when quiet, what does not keep the command from going on."""
        self._tell("warning: ", "bold yellow", error)

    def error(self, error: WinnowError) -> None:
        """Print what went wrong, where, and how to fix it."""
        self._tell("error: ", "bold red", error)

    def _tell(self, title: str, style: str, error: WinnowError) -> None:
        self.err.print(Text(title, style=style) + Text(printable(error.what), style=""))
        if error.where is not None:
            self.err.print(Text(f"  where: {printable(str(error.where))}"))
        if error.fix:
            self.err.print(Text(f"  fix:   {printable(at_command_line(error.fix))}"))


def printable(text: str) -> str:
    """The text without control characters and lone surrogates, which could rewrite a terminal."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "\ufffd" for letter in text)


def make_streams_safe() -> None:
    """Have both streams take every text, also where the terminal cannot show it or nobody listens.

    What goes to a file or another program is UTF-8 wherever the command runs.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # it was closed before the command began
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115  # it stays open as long as the process
        elif isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


output = Output()
