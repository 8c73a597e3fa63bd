"""Run the stand-in from a shell: python -m sandbox.asperion --port 8072."""

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.asperion import Config, serve
from sandbox.serving import make_parser, run_program


@contextmanager
def start(given: Namespace) -> Iterator[str]:
    """Serve where the options say; give the line that tells the address."""
    with serve(Config(port=given.port, host=given.host)) as asperion:
        yield f"Asperion (sandbox): {asperion.url}"


run_program(make_parser("sandbox.asperion", __doc__, port=Config.port), start)
