"""The process that is AWS on this machine: starting it, waiting for it, stopping it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

from tools.build import ROOT

PROGRAM = ROOT / ".venv-aws" / "bin" / "ministack"
REGION = "eu-central-1"
PORT = 4566
PID_FILE, LOG_FILE = "ministack.pid", "ministack.log"
SCRATCH = "tmp"
"""Where ministack unpacks functions, 25 MB for each that runs; `stop` clears it, ministack not."""

INHERITED = ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH")
"""All that ministack gets of our environment: its Lambdas inherit it, and would find there what the
template forgot to give them."""

_STARTED: dict[int, subprocess.Popen[bytes]] = {}
"""What this very process started, and has to collect when it ends."""


def interpreter() -> Path:
    """The Python that runs local AWS, and every function on it. Raises SystemExit when it is not
    installed.
    """
    if not PROGRAM.exists():
        raise SystemExit(
            f"Local AWS is not installed ({PROGRAM.relative_to(ROOT)} is missing). Run: make up"
        )
    return PROGRAM.with_name("python")


def find_mails(endpoint: str) -> str:
    """The address at which ministack shows the mail that its SES took, as JSON."""
    return f"{endpoint}/_ministack/ses/messages"


def start(environ: Mapping[str, str], folder: Path) -> str:
    """Start ministack in `folder`, on the port of ``AWS_LOCAL_PORT`` or a free one; returns its
    address. Raises SystemExit when it is not installed or does not answer.
    """
    interpreter()
    port = _free_port(int(environ.get("AWS_LOCAL_PORT", PORT)))
    endpoint = f"http://127.0.0.1:{port}"
    scratch = folder / SCRATCH
    scratch.mkdir(exist_ok=True)
    with (folder / LOG_FILE).open("wb") as log:
        process = subprocess.Popen(
            [str(PROGRAM)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # it outlives this command, and stops as one group
            cwd=folder,
            env={
                **{name: environ[name] for name in INHERITED if name in environ},
                "TMPDIR": str(scratch),
                "BIND_HOST": "127.0.0.1",  # it would listen on every address otherwise
                "GATEWAY_PORT": str(port),
                "MINISTACK_REGION": REGION,
                "MINISTACK_HOST": "127.0.0.1",
            },
        )
    _STARTED[process.pid] = process
    (folder / PID_FILE).write_text(str(process.pid))
    health = f"{endpoint}/_ministack/health"
    until(lambda: answers(health), seconds=120, what=f"ministack, see {folder / LOG_FILE}")
    return endpoint


def stop(folder: Path) -> None:
    """Stop the ministack of a folder, and every Lambda it runs; nothing is kept. It is not asked to
    end by itself: it would wait for the connections that browsers keep open, for a minute and more.
    """
    with contextlib.suppress(FileNotFoundError, ValueError, ProcessLookupError):
        pid = int((folder / PID_FILE).read_text())
        os.killpg(pid, signal.SIGKILL)
        if pid in _STARTED:
            _STARTED.pop(pid).wait(timeout=60)
        until(lambda: not _alive(pid), seconds=60, what="ministack to stop")
    (folder / PID_FILE).unlink(missing_ok=True)
    shutil.rmtree(folder / SCRATCH, ignore_errors=True)


def _free_port(wanted: int) -> int:
    """The wanted port, or any other when somebody has it."""
    for port in (wanted, 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise SystemExit("No port is free on 127.0.0.1.")


def answers(url: str) -> bool:
    """Whether an address answers with 200."""
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _alive(pid: int) -> bool:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return False
    return True


def until(holds: Callable[[], object], *, seconds: float, what: str) -> None:
    """Poll until something holds; SystemExit names what was waited for in vain."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise SystemExit(f"Waited {seconds:.0f} s in vain for {what}.")
        time.sleep(0.1)
