"""Agreements for the next hour (B4): small steps, who holds what, until when, and a look at it again. Never a promise."""
