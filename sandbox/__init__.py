"""Local stand-ins for the services the connector talks to; never deployed."""
