"""Requests, answers, cookies and routes, without any page; light enough for the webhook's start."""
