"""A stand-in for VIES, the EU's register of VAT numbers: its REST interface, with a page to see and
switch what it knows and what goes wrong with it.

It shares no code with the connector, and keeps all in memory. `with serve(Config(port=0)) as vies:`
gives `url`, `api_url` (the connector's VIES_URL) and `register`.
"""

from sandbox.vies.vies_server import Config, Running, serve

__all__ = ["Config", "Running", "serve"]
