"""The command `winnow`: noun and verb, help with the next step, data on stdout, everything else on stderr."""

from winnow.shells.cli.loading import loading

with loading():
    from winnow.shells.cli.app import main

__all__ = ["main"]
