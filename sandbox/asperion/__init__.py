"""A stand-in for Asperion, Dutch online bookkeeping: inbox, import screen, REST API with its
identity server, and one invoice list for what comes by either way.

It is an independent judge of what the connector delivers and shares no code with it. All is kept
in memory. `with serve(Config(port=0)) as asperion:` gives `url`, which is also the address of API
and identity server, `inbox_url` and `store`.
"""

from sandbox.asperion.asperion_server import Config, Running, serve

__all__ = ["Config", "Running", "serve"]
