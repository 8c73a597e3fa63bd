"""A shop comes, is looked after, and goes: installation, subscriptions, the nightly watch."""
