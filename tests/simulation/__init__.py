"""The whole export on a simulated clock, behind the real use cases, driven by a seed.

`python -m tests.simulation --seed N` replays one schedule with its event log,
`python -m tests.simulation --schedules 1000000` is the nightly run.
"""
