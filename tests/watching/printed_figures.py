"""The figures that functions print, as CloudWatch reads them out of their logs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple


class Figure(NamedTuple):
    """One value of a metric."""

    namespace: str
    name: str
    dimensions: dict[str, str]
    value: float


def read_figures(text: str) -> Iterator[Figure]:
    """Every figure in lines of a log: the embedded metric format."""
    for line in text.splitlines():
        if '"_aws"' not in line:
            continue
        said = json.loads(line[line.index("{") :])
        for group in said["_aws"]["CloudWatchMetrics"]:
            for metric in group["Metrics"]:
                given = said[metric["Name"]]
                for names in group["Dimensions"]:
                    dimensions = {name: str(said[name]) for name in names}
                    for value in given if isinstance(given, list) else [given]:
                        yield Figure(group["Namespace"], metric["Name"], dimensions, float(value))
