"""Asperion's inbox, where a shop's files are placed: by HTTPS or in an S3 bucket."""

from chalicelib.adapters.inbox.inbox_address import check_inbox_url
from chalicelib.adapters.inbox.opening import open_inbox

__all__ = ["check_inbox_url", "open_inbox"]
