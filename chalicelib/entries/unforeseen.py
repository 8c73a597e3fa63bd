"""What every function does around its work."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from chalicelib.errors import ConnectorError, Unforeseen
from chalicelib.logs import list_places

log = logging.getLogger(__name__)


@contextmanager
def hide_unforeseen_errors() -> Iterator[None]:
    """Raise `Unforeseen` instead of an error that is not ours. Lambda logs the message of what is
    raised; those of our own errors quote no content, others may.
    """
    try:
        yield
    except ConnectorError:
        raise
    except Exception as error:
        log.error("failed unexpectedly", extra={"trail": list_places(error)})
        raise Unforeseen(
            f"This failed unexpectedly ({type(error).__name__}); the log tells where."
        ) from None
