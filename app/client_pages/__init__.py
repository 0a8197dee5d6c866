"""What a client sees: the check-in, and the companion page that stays open beside the call.

Small, neutral, and useful without script. Nothing here shows a stored detail (R4), names a clinic or a reason, or
knows of other people.
"""
