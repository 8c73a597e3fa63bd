"""What the connector does, one module a use case: install, intake, sweep, export, rerun, …"""
