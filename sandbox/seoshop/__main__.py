"""Run a sandbox SEOshop until interrupted: ``python -m sandbox.seoshop --port 8071 ...``."""

from __future__ import annotations

import argparse
import logging
import signal
from threading import Event

from sandbox.seoshop import Config, serve


def main() -> None:
    """Serve, print one line with the address, and stop cleanly on SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.seoshop", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8071)
    parser.add_argument("--app-key", required=True, help="the partner app's key, 32 characters")
    parser.add_argument("--app-secret", required=True, help="the partner app's secret")
    parser.add_argument("--app-url", required=True, help="the app's public base address")
    parser.add_argument("--mail-url", default="", help="where the mail that apps send is caught")
    given = parser.parse_args()
    # That a request waits a moment for a thread says only that the machine is busy.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    config = Config(
        given.app_key,
        given.app_secret,
        given.app_url,
        host=given.host,
        port=given.port,
        mail_url=given.mail_url,
    )
    try:
        with serve(config) as shop:
            print(f"SEOshop answers at {shop.url} (AppCenter {shop.url}/apps)", flush=True)
            stop.wait()
    except OSError as error:
        where = f"{given.host}:{given.port}"
        parser.exit(1, f"Cannot listen on {where}: {error.strerror}. Choose another --port.\n")


if __name__ == "__main__":
    main()
