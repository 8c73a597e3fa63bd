"""Run a sandbox SEOshop until interrupted: ``python -m sandbox.seoshop --port 8071 ...``."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.seoshop import Config, serve
from sandbox.serving import make_parser, run_program


def main() -> None:
    """Serve, print one line with the address, and stop cleanly on SIGINT or SIGTERM."""
    parser = make_parser("sandbox.seoshop", __doc__, port=8071)
    parser.add_argument("--app-key", required=True, help="the partner app's key, 32 characters")
    parser.add_argument("--app-secret", required=True, help="the partner app's secret")
    parser.add_argument("--app-url", required=True, help="the app's public base address")
    parser.add_argument("--mail-url", default="", help="where the mail that apps send is caught")
    run_program(parser, start)


@contextmanager
def start(given: Namespace) -> Iterator[str]:
    """Serve as the options say; give the line that tells the address."""
    config = Config(
        given.app_key,
        given.app_secret,
        given.app_url,
        host=given.host,
        port=given.port,
        mail_url=given.mail_url,
    )
    with serve(config) as shop:
        yield f"SEOshop answers at {shop.url} (AppCenter {shop.url}/apps)"


if __name__ == "__main__":
    main()
