"""Ways to come back to the here and now: exercises to share or to read out, and one small step to pick."""
