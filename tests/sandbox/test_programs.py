"""The stand-ins as programs from a shell."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).parents[2]
PROGRAMS = {
    "asperion": [
        *("--client-id", "connector", "--client-secret", "s" * 32),
        *("--redirect-prefix", "http://127.0.0.1:9/"),
    ],
    "seoshop": [
        *("--app-key", "k" * 32, "--app-secret", "s" * 32),
        *("--app-url", "http://127.0.0.1:9"),
    ],
    "vies": [],
}

each_program = pytest.mark.parametrize("name", PROGRAMS)


def start(name: str, port: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-W", "error", "-m", f"sandbox.{name}", "--port", str(port)]
    return subprocess.Popen(
        [*command, *PROGRAMS[name]],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


@each_program
def test_it_prints_its_address_answers_there_and_stops_on_a_signal(name: str) -> None:
    with start(name, port=0) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert address, line
        assert requests.get(address[0], timeout=60).status_code == 200
        process.terminate()
        _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "")


@each_program
def test_a_port_that_is_taken_is_named(name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with start(name, port) as process:
            _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert errors.startswith(f"Cannot listen on 127.0.0.1:{port}: ")
    assert "Traceback" not in errors
