"""Hand-written stand-ins for the outside, exact in what the ports promise."""
