"""The installation, page by page."""
