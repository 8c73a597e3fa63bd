"""``make bench``: speed as ratios, side by side in one run. There are no thresholds."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from tools import bench_render
from tools.build import build
from tools.target import Target

RUNS = 7


def main() -> None:
    """Print every benchmark."""
    bench_render.main()
    bench_starts()


def bench_starts() -> None:
    """What a cold start imports, from the built zip: compiled or not, webhook or everything."""
    with tempfile.TemporaryDirectory() as folder:
        compiled, plain = Path(folder, "compiled"), Path(folder, "plain")
        built = build("local", Target.of(Path(sys.executable)), Path(folder, "built"))
        with zipfile.ZipFile(built / "deployment.zip") as packed:
            packed.extractall(compiled)
            packed.extractall(plain, [n for n in packed.namelist() if not n.endswith(".pyc")])
        cases = {
            "everything, compiled": (compiled, "import app, chalicelib.entries"),
            "everything, not compiled": (plain, "import app, chalicelib.entries"),
            "webhook, compiled": (compiled, "import app, chalicelib.hook"),
            "nothing": (compiled, "pass"),
        }
        times: dict[str, list[float]] = {name: [] for name in cases}
        for _ in range(RUNS):  # in turn, so that a slow moment strikes all alike
            for name, (tree, code) in cases.items():
                times[name].append(_import(tree, code))
    medians = {name: statistics.median(found) for name, found in times.items()}
    base = medians["everything, compiled"]
    print("\nCold imports from the zip, median of", RUNS)
    for name, median in medians.items():
        print(f"  {name:26} {median * 1000:6.0f} ms   {median / base:4.2f}")


def _import(tree: Path, code: str) -> float:
    environ = {
        "PYTHONPATH": str(tree),
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "PATH": os.environ["PATH"],
    }
    started = time.perf_counter()
    subprocess.run([sys.executable, "-S", "-c", code], env=environ, cwd=tree, check=True)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
