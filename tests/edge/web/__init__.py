"""Pages and webhook through their one entry, with every part in memory."""
