"""The export queue from end to end: what is sent at night, and what becomes of each message."""
