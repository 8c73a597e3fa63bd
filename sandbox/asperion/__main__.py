"""Run the stand-in from a shell: python -m sandbox.asperion --port 8072."""

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.asperion import Config, serve
from sandbox.serving import make_parser, run_program


@contextmanager
def start(given: Namespace) -> Iterator[str]:
    """Serve where the options say; give the line that tells the address."""
    config = Config(
        port=given.port,
        host=given.host,
        client_id=given.client_id,
        client_secret=given.client_secret,
        redirect_prefixes=tuple(given.redirect_prefix or Config.redirect_prefixes),
    )
    with serve(config) as asperion:
        yield f"Asperion (sandbox): {asperion.url}"


parser = make_parser("sandbox.asperion", __doc__, port=Config.port)
parser.add_argument("--client-id", default=Config.client_id, help="of the application")
parser.add_argument("--client-secret", default=Config.client_secret, help="of the application")
parser.add_argument(
    "--redirect-prefix",
    action="append",
    help="how an address begins that the application is answered at (more than once for more)",
)
run_program(parser, start)
