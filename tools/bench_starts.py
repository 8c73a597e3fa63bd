"""What a cold start costs: the size of the package, and what each handler imports from it.

A start is the CPU time of a new interpreter that imports `app` and what a handler imports when it
is first called, from the built zip, beside one that imports bare libraries as pip installs them.
Both run in turn, and the figure is the median of the pairs' ratios.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from tools.bench_figures import Figure, print_figures
from tools.build import ROOT, build, install, package_code
from tools.target import Target

PAIRS = 9
LIBRARIES = "import chalice, pynamodb.models, requests, jinja2"
CLIENT = "import chalice; from botocore.session import get_session as of; of().create_client"
CLIENT += "('dynamodb')"

ENTRIES = ("pages", "nightly", "export_messages", "operator_rerun", "operator_backfill")
HANDLERS: Mapping[str, tuple[str, str, float]] = MappingProxyType(
    {name: (f"import app, chalicelib.entries.{name}", LIBRARIES, 1.3) for name in ENTRIES}
    | {"operator_shops": ("import app, chalicelib.entries.operator_shops", LIBRARIES, 1.3)}
    | {"webhook": ("import app, chalicelib.hook", CLIENT, 1.1)}
)
"""Each handler: what it imports, what it is measured by, and at most how many times that."""

MEGABYTES = 6


def measure() -> list[Figure]:
    """The package's size, and the imports of each handler."""
    with tempfile.TemporaryDirectory() as folder:
        target = Target.of(Path(sys.executable))
        archive = build("local", target, Path(folder, "built")) / "deployment.zip"
        own, bare = Path(folder, "own"), Path(folder, "bare")
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(own)
        _install_bare(target, bare)
        size = archive.stat().st_size / 1e6
        figures = [Figure(what="package", value=size, unit="MB", goal=MEGABYTES)]
        figures += [
            Figure(
                what=f"cold imports: {name}",
                value=_compare((own, code), (bare, libraries)),
                goal=goal,
                note=f"by: {libraries}",
            )
            for name, (code, libraries, goal) in HANDLERS.items()
        ]
    return figures


def _install_bare(target: Target, folder: Path) -> None:
    """The same versions of the libraries, whole and compiled as pip compiles them."""
    install(ROOT / "requirements.txt", target, folder)
    with tempfile.TemporaryDirectory() as made:
        package_code("local", target, Path(made))
        with zipfile.ZipFile(Path(made, "deployment.zip")) as packed:
            packed.extractall(folder, [n for n in packed.namelist() if n.startswith("chalice/")])
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(folder)], check=False)


def _compare(own: tuple[Path, str], bare: tuple[Path, str]) -> float:
    """How many times what the bare one takes; one pair before does not count."""
    ratios = [_start(*own) / _start(*bare) for _ in range(PAIRS + 1)]
    return statistics.median(ratios[1:])


def _start(tree: Path, code: str) -> float:
    """The CPU seconds of an interpreter that does this and ends."""
    environ = {
        "PYTHONPATH": str(tree),
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
        "PATH": os.environ["PATH"],
    }
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-S", "-c", code], env=environ, cwd=tree, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    print_figures("Cold starts", measure())
