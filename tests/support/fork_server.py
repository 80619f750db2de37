"""Starts `winnow serve` again and again without loading it anew: `python -m tests.support.fork_server`.

For each line on standard input, the arguments of `winnow serve` as JSON, it forks a process that becomes a service of
its own, and prints its number. The process is as real as any: it can be killed, and takes with it what it held.
"""

import json
import os
import signal
import sys
from unittest.mock import patch

import winnow.bootstrap.service
import winnow.shells.http.server
from winnow.bootstrap.files import reference
from winnow.config import load
from winnow.shells.cli.app import main


def serve(arguments: list[str]) -> None:
    sys.argv = ["winnow", "--quiet", "serve", *arguments]
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    main()


def share_reference_data() -> None:
    """What is known of the world is the same in every process."""
    known = reference(load())
    known.sources()
    patch.object(winnow.bootstrap.service, "reference", lambda _config: known).start()


def fork_each() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how they ended
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                serve(json.loads(line))
            finally:
                os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    share_reference_data()
    fork_each()
