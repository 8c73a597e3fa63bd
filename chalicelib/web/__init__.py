"""The pages a merchant sees and the webhook deliveries, free of any framework.

`pages.dispatch.answer_request` answers every request for a page, `http.webhook_delivery` a webhook.
Both return an `http_messages.Response`, so that any front (Chalice today) can carry it.
"""
