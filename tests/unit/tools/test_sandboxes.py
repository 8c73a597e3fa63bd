"""The sandboxes' ports are settings, and one that is taken is said in one sentence."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import sandboxes


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which another program listens."""
    with socket.socket() as other:
        other.bind((sandboxes.HOST, 0))
        other.listen()
        yield other.getsockname()[1]


def test_without_settings_the_sandboxes_have_their_usual_ports() -> None:
    where = sandboxes.read_addresses({})

    assert where.shop_url == "http://127.0.0.1:8071"
    assert where.asperion_url == "http://127.0.0.1:8072"
    assert where.vies_url == "http://127.0.0.1:8073"


def test_a_setting_moves_a_sandbox() -> None:
    where = sandboxes.read_addresses({"SEOSHOP_SANDBOX_PORT": "9071"})

    assert where.shop_url == "http://127.0.0.1:9071"
    assert where.asperion_url == "http://127.0.0.1:8072"


@pytest.mark.parametrize(
    "variable", ["SEOSHOP_SANDBOX_PORT", "ASPERION_SANDBOX_PORT", "VIES_SANDBOX_PORT"]
)
def test_a_taken_port_is_named_with_the_setting_that_chooses_another(
    taken: int, variable: str
) -> None:
    with pytest.raises(SystemExit) as refused:
        sandboxes.check_ports({variable: str(taken)})

    said = str(refused.value)
    assert f"Port {taken} on 127.0.0.1" in said
    assert f"choose another port with {variable}=" in said
    assert "\n" not in said


@pytest.mark.parametrize("given", ["0", "65536", "-1", "x", "80 80", "²"])
def test_what_is_no_port_is_refused(given: str) -> None:
    with pytest.raises(SystemExit, match="ASPERION_SANDBOX_PORT must be a port"):
        sandboxes.check_ports({"ASPERION_SANDBOX_PORT": given})


def test_two_sandboxes_cannot_share_a_port() -> None:
    with socket.socket() as probe:
        probe.bind((sandboxes.HOST, 0))
        free = str(probe.getsockname()[1])
    both = {"SEOSHOP_SANDBOX_PORT": free, "ASPERION_SANDBOX_PORT": free}

    with pytest.raises(SystemExit, match="are one port"):
        sandboxes.check_ports(both)


def test_a_night_needs_sandboxes_that_are_up(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="make demo"):
        sandboxes.find_sandboxes(tmp_path)
