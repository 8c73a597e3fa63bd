"""Run the stand-in from a shell: python -m sandbox.vies --port 8073."""

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.serving import make_parser, run_program
from sandbox.vies import Config, serve


@contextmanager
def start(given: Namespace) -> Iterator[str]:
    """Serve where the options say; give the line that tells the address."""
    with serve(Config(port=given.port, host=given.host)) as vies:
        yield f"VIES (sandbox): {vies.url}"


run_program(make_parser("sandbox.vies", __doc__, port=Config.port), start)
