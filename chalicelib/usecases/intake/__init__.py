"""How documents become known: webhooks, the sweep of the shop's lists, and the migration."""
