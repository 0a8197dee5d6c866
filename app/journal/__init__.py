"""One journal per program: the live board, an incident's timeline and the audit trail are its three readers."""
