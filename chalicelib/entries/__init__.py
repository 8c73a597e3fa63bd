"""What Chalice starts, one small module for each function: it reads the event, runs a use case and
logs. Each imports what its own function needs, and `app` imports each inside its handler.
"""
