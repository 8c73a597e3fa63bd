"""The connector's version: what `/health` says, and what SEOshop and the inbox are told."""

VERSION = "1.1.0"
USER_AGENT = f"seoshop-asperion/{VERSION}"
