"""The sandboxes as processes of their own: a SEOshop, an Asperion and a VIES, on ports of this
machine.

Their ports are settings: `SEOSHOP_SANDBOX_PORT` (8071), `ASPERION_SANDBOX_PORT` (8072) and
`VIES_SANDBOX_PORT` (8073).
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path

import requests

from tools.build import ROOT
from tools.ministack import until

HOST = "127.0.0.1"
STARTED = "sandboxes.json"
"""In the stack's folder: where the sandboxes answer, and their process ids."""


@dataclass(frozen=True, slots=True)
class SandboxPort:
    """The setting that names a sandbox's port, what it is without it, and whose port it is."""

    variable: str
    default: int
    of: str


SHOP_PORT = SandboxPort("SEOSHOP_SANDBOX_PORT", 8071, "the SEOshop sandbox")
ASPERION_PORT = SandboxPort("ASPERION_SANDBOX_PORT", 8072, "the Asperion sandbox")
VIES_PORT = SandboxPort("VIES_SANDBOX_PORT", 8073, "the VIES sandbox")
ASPERION_CLIENT = {
    "ASPERION_CLIENT_ID": "connector",
    "ASPERION_CLIENT_SECRET": "connector-secret-to-practise-with",
}
"""The pair by which Asperion's identity server knows the app, unless the environment gives one.
The addresses of its API and of its identity server are the sandbox's own."""
VIES_API = "/taxation_customs/vies/rest-api"
"""Where the VIES sandbox has its REST interface, as the real one does."""

PORTS = (SHOP_PORT, ASPERION_PORT, VIES_PORT)


@dataclass(frozen=True, slots=True)
class Sandboxes:
    """The addresses at which the sandboxes answer."""

    shop_url: str
    asperion_url: str
    vies_url: str


def read_port(environ: Mapping[str, str], port: SandboxPort) -> int:
    """The port that the environment gives to a sandbox. Raises SystemExit for one that is none."""
    given = environ.get(port.variable, "").strip() or str(port.default)
    if not given.isascii() or not given.isdigit() or not 0 < int(given) < 65536:
        raise SystemExit(f"{port.variable} must be a port, a number from 1 to 65535: not {given}.")
    return int(given)


def read_addresses(environ: Mapping[str, str]) -> Sandboxes:
    """Where the sandboxes are to answer. Raises SystemExit for a port that is none."""
    return Sandboxes(
        shop_url=f"http://{HOST}:{read_port(environ, SHOP_PORT)}",
        asperion_url=f"http://{HOST}:{read_port(environ, ASPERION_PORT)}",
        vies_url=f"http://{HOST}:{read_port(environ, VIES_PORT)}",
    )


def check_ports(environ: Mapping[str, str]) -> None:
    """Raises SystemExit, in one sentence, for a port that another program has."""
    for port in PORTS:
        number = read_port(environ, port)
        if is_taken(number):
            raise SystemExit(
                f"Port {number} on {HOST}, for {port.of}, is taken by another program: stop that "
                f"one, or choose another port with {port.variable}=<number>."
            )
    for one, other in combinations(PORTS, 2):
        if read_port(environ, one) == read_port(environ, other):
            raise SystemExit(f"{one.variable} and {other.variable} are one port.")


def is_taken(port: int) -> bool:
    """Whether a program listens on a port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def start_sandboxes(
    environ: Mapping[str, str],
    folder: Path,
    *,
    app_url: str,
    key: str,
    secret: str,
    mail_url: str = "",
) -> Sandboxes:
    """Start all; `folder` gets their logs and process ids, `mail_url` is where the app's mail is
    caught. Raises SystemExit for a taken port,
    and when one does not answer.
    """
    check_ports(environ)
    where = read_addresses(environ)
    shop = [
        *("--port", str(read_port(environ, SHOP_PORT)), "--app-url", app_url),
        *("--app-key", key, "--app-secret", secret, "--mail-url", mail_url),
    ]
    client = {name: environ.get(name) or value for name, value in ASPERION_CLIENT.items()}
    asperion = [
        *("--port", str(read_port(environ, ASPERION_PORT))),
        *("--client-id", client["ASPERION_CLIENT_ID"]),
        *("--client-secret", client["ASPERION_CLIENT_SECRET"]),
    ]
    vies = ["--port", str(read_port(environ, VIES_PORT))]
    programs = {"seoshop": shop, "asperion": asperion, "vies": vies}
    started = [_start(name, arguments, folder) for name, arguments in programs.items()]
    noted = json.dumps({"pids": started, **asdict(where)}, indent=2)
    (folder / STARTED).write_text(noted + "\n")
    for url in _list_urls(where):
        until(lambda url=url: answers(url), what=url, seconds=30)  # type: ignore[misc]
    return where


def find_sandboxes(folder: Path) -> Sandboxes:
    """Those that were started in `folder`. Raises SystemExit when they do not answer."""
    with suppress(FileNotFoundError):
        noted = json.loads((folder / STARTED).read_text())
        found = Sandboxes(noted["shop_url"], noted["asperion_url"], noted["vies_url"])
        if all(answers(url) for url in _list_urls(found)):
            return found
    raise SystemExit("The sandboxes are not up: run `make demo` first.")


def _list_urls(where: Sandboxes) -> tuple[str, ...]:
    return where.shop_url, where.asperion_url, where.vies_url


def _start(name: str, arguments: Sequence[str], folder: Path) -> int:
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", f"sandbox.{name}", *arguments],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return process.pid


def answers(url: str) -> bool:
    """Whether a sandbox answers there."""
    with suppress(requests.ConnectionError):
        return requests.get(url, timeout=10).status_code < 500
    return False


def stop_sandboxes(folder: Path) -> None:
    """Stop those that were started in `folder` before, and wait until they are gone."""
    with suppress(FileNotFoundError):
        pids = json.loads((folder / STARTED).read_text())["pids"]
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        until(lambda: not any(map(_is_alive, pids)), what="the sandboxes to stop", seconds=30)
        (folder / STARTED).unlink()


def _is_alive(pid: int) -> bool:
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
