"""Checking on the others: everybody who was in the group when something happened to one of its members (B10)."""
