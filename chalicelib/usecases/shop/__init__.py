"""A shop comes, pauses and goes; its subscriptions, and what keeps its exports from working."""
