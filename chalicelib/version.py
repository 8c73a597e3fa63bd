"""The connector's version: what `/health` says, and SEOshop and the inbox get with each call."""

VERSION = "1.7.0"
USER_AGENT = f"seoshop-asperion/{VERSION}"
