"""Programs for developers; none of them ships."""
