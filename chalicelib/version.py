"""The connector's version: what `/health` says, and SEOshop and the inbox get with each call."""

VERSION = "1.6.0"
USER_AGENT = f"seoshop-asperion/{VERSION}"
