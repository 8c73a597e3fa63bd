"""Asperion's REST API and its identity server: `AsperionRest` and `AsperionIdentity`."""

from chalicelib.adapters.asperion.identity import AsperionIdentity
from chalicelib.adapters.asperion.rest_client import AsperionRest

__all__ = ["AsperionIdentity", "AsperionRest"]
