"""How documents become known: a webhook's hint, and the sweep that finds what webhooks lost."""
