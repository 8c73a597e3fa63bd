"""Run the stand-in from a shell: python -m sandbox.vies --port 8073."""

import argparse
import logging
import signal
import threading

from sandbox.vies import Config, serve


def main() -> None:
    """Serve until SIGINT or SIGTERM; print one line with the address once it answers."""
    parser = argparse.ArgumentParser(prog="sandbox.vies", description=__doc__)
    parser.add_argument("--port", type=int, default=8073)
    parser.add_argument("--host", default="127.0.0.1")
    arguments = parser.parse_args()
    # That a request waits a moment for a thread says only that the machine is busy.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        with serve(Config(port=arguments.port, host=arguments.host)) as vies:
            print(f"VIES (sandbox): {vies.url}", flush=True)
            stop.wait()
    except OSError as error:
        where = f"{arguments.host}:{arguments.port}"
        parser.exit(1, f"Cannot listen on {where}: {error.strerror}. Choose another --port.\n")


main()
