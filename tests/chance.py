"""How much the property tests leave to chance.

Every run draws other examples, and one that fails is printed with the line that plays it again.
With ``CI`` set they are the same every time; ``BOOKS_EXAMPLES=5000`` draws more of them. The quick
tests draw a fifth (`QUICK`, which ``make test-fast`` names); ``make test`` draws all.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

STABLE = bool(os.environ.get("CI"))
_WHOLE = 100  # what hypothesis draws unless it is told otherwise


def share(examples: int) -> int:
    """Of so many examples, as many as the loaded profile draws."""
    return max(1, examples * settings().max_examples // _WHOLE)


def drawn(examples: int) -> settings:
    """Settings for this many examples a test."""
    return settings(
        max_examples=int(os.environ.get("BOOKS_EXAMPLES", share(examples))),
        derandomize=STABLE,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


thorough = drawn(100)
brisk = drawn(60)
