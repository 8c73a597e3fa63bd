"""The ledger's contract, on every kind of table."""
