"""The safety plan: in the client's own words, agreed with them, read first when it matters, reviewed on a clock.

Headings are our own. Means of harm are kept as classes with what was done about them, never as methods.
"""
