"""Alarms as CloudWatch judges them, and the figures that it judges them by."""
