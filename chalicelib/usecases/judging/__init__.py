"""Documents read again in the shop and judged: to be booked, held, or left out."""
