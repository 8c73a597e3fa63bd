"""The heart: what an order is, when it is due, how it is booked. Pure: no clock, no I/O."""
