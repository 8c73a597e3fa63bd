"""The connector: every paid SEOshop order becomes a concept invoice in Asperion.

Imports point one way: entry points (``app.py``, ``web``) call ``usecases``, which use the pure
``domain`` and reach the outside through ``ports``; ``adapters`` implement those ports and are
handed in by the composition root: ``bootstrap``, and ``bootstrap_night`` and ``hook`` for the
functions that need few of them.
"""
