"""The export of a shop: from what waits to a file in Asperion's inbox and the day's statement."""
