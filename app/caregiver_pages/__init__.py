"""What a client shares with somebody they trust: a copy of the plan as they chose it, and how to be of help.

Under its own release, behind a link and a code to that person's own number. Nothing of the sessions is here.
"""
