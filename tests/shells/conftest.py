"""Nothing here survives a power cut, so nobody has to wait for the disk."""

import os

import pytest


@pytest.fixture(autouse=True, scope="session")
def no_waiting_for_the_disk():
    """What happens between writing and syncing is tested by interrupting it there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _handle: None)
        yield
