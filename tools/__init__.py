"""What builds, deploys and demonstrates the connector; nothing here ships to Lambda."""
