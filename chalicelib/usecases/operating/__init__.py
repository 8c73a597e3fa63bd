"""What merchants see and do, and the operator's levers."""
