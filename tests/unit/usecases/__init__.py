"""What the connector does, on tables in memory and a shop in memory."""
