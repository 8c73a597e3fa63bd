"""A module a page: each handler takes a `Call` and returns a `Response`."""
