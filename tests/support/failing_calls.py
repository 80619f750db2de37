"""Making calls to the system fail in another process, with libfiu."""

import errno
import shutil

import pytest

_FIU = "fiu-run"


def failing(*calls: str, probability: float) -> list[str]:
    """Words to put before a command, so that these calls fail now and then; skips the test without libfiu.

    `calls` are names below `posix/io/`, such as `sync/fsync`; a name ending in `/reduce` writes less than asked for.
    """
    if shutil.which(_FIU) is None:
        pytest.skip(f"{_FIU} is not installed (Debian and Ubuntu: apt install fiu-utils)")
    words = [_FIU, "-x", "-f", ""]
    for call in calls:
        words += ["-c", f"enable_random name=posix/io/{call},probability={probability},failinfo={errno.EIO}"]
    return words
