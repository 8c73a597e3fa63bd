"""What a cold start costs: the size of the package, and what each handler imports from it.

A start is the CPU time of a new interpreter that imports `app` and the module of one function, from
the built zip, beside one that imports bare libraries. These are the same versions, whole as pip
installs them, and compiled as the zip is. Both run in turn on this interpreter, and the figure is
the median of the pairs' ratios.

Some of what a call needs is imported while it is worked on: the tables by whoever opens one, an
HTTP client by whoever calls. Hence the figures without a goal: the same start with what the first
call of its function goes on to import.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from tools.bench_figures import Figure, print_figures
from tools.build import ROOT, build, install, pack, package_code
from tools.target import Target

PAIRS = 9
MEGABYTES = 6

LIBRARIES = "import chalice, pynamodb.models, requests, jinja2"
CLIENT = (
    "import chalice; from botocore.session import get_session as of; of().create_client('dynamodb')"
)
START, WEBHOOK = "import app, chalicelib.entries.{}", "import app, chalicelib.hook"
APART = {"__init__", "unforeseen", "shop_watch"}
"""Modules of `chalicelib.entries` that no function begins with."""

TABLES = """
from chalicelib.adapters.dynamodb import open_tables
tables = open_tables("bench-")
tables.shops, tables.entries, tables.files
"""
CLIENTS = """
import chalicelib.axml, chalicelib.adapters.inbox.https, chalicelib.adapters.seoshop.client
"""
HINTS = """
from chalicelib.adapters.dynamodb import open_tables
tables = open_tables("bench-")
tables.shops, tables.entries
from botocore.session import get_session
get_session().create_client("dynamodb")
"""
FIRST_CALLS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "webhook, tables and client opened": (WEBHOOK + HINTS, CLIENT),
        "pages, tables opened": (START.format("pages") + TABLES, LIBRARIES),
        "an export, tables and clients opened": (
            START.format("export_messages") + TABLES + CLIENTS,
            LIBRARIES,
        ),
        "a watch, tables and clients opened": (
            START.format("export_messages, chalicelib.entries.shop_watch") + TABLES + CLIENTS,
            LIBRARIES,
        ),
    }
)
"""What the first call of a function has imported, and what it is measured by."""

PLAIN_RECORDS = """
import dataclasses, sys, types
plain = types.ModuleType("chalicelib.lazy_dataclass")
plain.dataclass = dataclasses.dataclass
sys.modules[plain.__name__] = plain
"""
"""Gives modules that come after it the standard library's own records."""


def measure() -> list[Figure]:
    """The package's size, and the imports of each handler."""
    with tempfile.TemporaryDirectory() as folder:
        target = Target.of(Path(sys.executable))
        archive = build("local", target, Path(folder, "built")) / "deployment.zip"
        own = _unpack(archive, Path(folder, "own"))
        bare = _unpack(_pack_bare(target, Path(folder, "made")), Path(folder, "bare"))
        size = archive.stat().st_size / 1e6
        export = START.format("export_messages")
        return [
            Figure(what="package", value=size, unit="MB", goal=MEGABYTES),
            *(
                Figure(
                    what=f"imports: {name}",
                    value=_compare((own, code), (bare, libraries)),
                    goal=goal,
                    note=f"by: {libraries}",
                )
                for name, code, libraries, goal in list_handlers()
            ),
            *(
                Figure(
                    what=f"imports: {name}",
                    value=_compare((own, code), (bare, libraries)),
                    note=f"by: {libraries}; the rest is our own code and Powertools",
                )
                for name, (code, libraries) in FIRST_CALLS.items()
            ),
            Figure(
                what="imports: export_messages, plain dataclasses",
                value=_compare((own, PLAIN_RECORDS + export), (own, export)),
                note="by: export_messages as it is, with chalicelib.lazy_dataclass",
            ),
        ]


def list_handlers() -> Sequence[tuple[str, str, str, float]]:
    """Each handler: its name, what it imports, what it is measured by, and at most how many times
    that.
    """
    modules = sorted(each.stem for each in (ROOT / "chalicelib" / "entries").glob("*.py"))
    return [
        ("webhook", WEBHOOK, CLIENT, 1.1),
        *((name, START.format(name), LIBRARIES, 1.3) for name in modules if name not in APART),
    ]


def _unpack(archive: Path, folder: Path) -> Path:
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder)
    return folder


def _pack_bare(target: Target, made: Path) -> Path:
    """The same versions of the libraries in a zip, whole, and Chalice as it is in every package."""
    package_code("local", target, made)
    archive, tree = made / "deployment.zip", made / "tree"
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(tree, [n for n in packed.namelist() if n.startswith("chalice/")])
    install(ROOT / "requirements.txt", target, tree)
    pack(tree, archive, target)
    return archive


def _compare(own: tuple[Path, str], bare: tuple[Path, str]) -> float:
    """How many times what the bare one takes; one pair before does not count."""
    ratios = [_start(*own) / _start(*bare) for _ in range(PAIRS + 1)]
    return statistics.median(ratios[1:])


def _start(tree: Path, code: str) -> float:
    """The CPU seconds of an interpreter that does this. How long it takes to clear up at its end is
    left out: a function does not end.
    """
    environ = {
        "PYTHONPATH": str(tree),
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
        "PATH": os.environ["PATH"],
    }
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    whole = f"{code}\nimport os; os._exit(0)"
    subprocess.run([sys.executable, "-S", "-c", whole], env=environ, cwd=tree, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    print_figures("Cold starts", measure())
