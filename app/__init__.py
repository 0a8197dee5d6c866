"""Handrail: from silence to verified contact."""
