"""What tests of several folders share: the packaged app, standing on local AWS."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.stack.world import World, running


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with running(tmp_path_factory.getbasetemp()) as world:
        yield world
