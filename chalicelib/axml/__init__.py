"""aXML, Asperion's import format: a swappable profile, the renderer, and the reading back."""
