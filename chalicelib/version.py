"""The connector's version: what `/health` says, and how it names itself to SEOshop and the inbox."""

VERSION = "1.1.0"
USER_AGENT = f"seoshop-asperion/{VERSION}"
