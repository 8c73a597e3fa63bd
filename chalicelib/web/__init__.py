"""The merchant's pages and the calls SEOshop makes, as plain functions from request to response."""
