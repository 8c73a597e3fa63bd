"""The pages of the connection with Asperion."""
