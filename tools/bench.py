"""``make bench``: speed as ratios, side by side in one run. There are no thresholds."""

from __future__ import annotations

from tools import bench_ledger, bench_render, bench_starts
from tools.bench_figures import print_figures


def main() -> None:
    """Print every benchmark."""
    bench_render.main()
    print_figures("Cold starts", bench_starts.measure())
    print_figures("The ledger", bench_ledger.measure())


if __name__ == "__main__":
    main()
