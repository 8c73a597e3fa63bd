"""The pages a merchant sees and the webhook's door, free of any framework.

`routes.handle` answers every merchant route, `hooks.receive` a webhook delivery; both take plain
values and return an `http.Response`, so that any front (Chalice today) can carry them.
"""
