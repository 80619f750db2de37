"""The description of the API can be had without a service."""

import json

from tests.support.command import winnow
from winnow.shells.http.openapi import document


def test_it_is_the_one_the_service_gives():
    assert json.loads(winnow("openapi").data) == document()
