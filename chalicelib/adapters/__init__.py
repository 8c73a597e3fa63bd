"""The outside, behind `chalicelib.ports`: SEOshop, Asperion's inbox, tables, queue, parameters."""
