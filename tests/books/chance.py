"""How much the property tests leave to chance.

Every run draws other examples, and one that fails is printed with the line that plays it again.
With ``CI`` set they are the same every time; ``BOOKS_EXAMPLES=5000`` draws more of them.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

STABLE = bool(os.environ.get("CI"))


def drawn(examples: int) -> settings:
    """Settings for this many examples a test."""
    return settings(
        max_examples=int(os.environ.get("BOOKS_EXAMPLES", examples)),
        derandomize=STABLE,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


thorough = drawn(100)
brisk = drawn(60)
