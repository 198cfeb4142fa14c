"""What bin/bench measures, on a made-up house in databases of its own. No app imports it."""
