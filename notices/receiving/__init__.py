"""How mail comes in: stored first, once and without pictures; understood in a second step."""
