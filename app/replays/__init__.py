"""Protocols walked through without anything happening: a dry run, and what an edited version would have done."""
