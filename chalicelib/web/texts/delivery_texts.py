"""The words for what goes to Asperion: files, and deliveries by API."""

from __future__ import annotations

from chalicelib.web.texts.localisation import msgid

DELIVERY_BY_API = msgid("direct delivery %(number)s of %(day)s")
FILE, FILES = msgid("File"), msgid("Files")
DELIVERY, DELIVERIES = msgid("Delivery"), msgid("Deliveries")
