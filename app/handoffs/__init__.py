"""Warm handoff (I9, I10): one card in four short parts, given to a named receiver who reads it back, so that nobody has to tell it again."""
