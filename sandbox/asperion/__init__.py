"""A stand-in for Asperion, Dutch online bookkeeping: inbox, import screen and invoice list.

It is an independent judge of the connector's files and shares no code with it. All is kept in
memory. `with serve(Config(port=0)) as asperion:` gives `url`, `inbox_url` and `store`.
"""

from sandbox.asperion.asperion_server import Config, Running, serve

__all__ = ["Config", "Running", "serve"]
