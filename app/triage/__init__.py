"""The collaborative safety check: what is asked, which tier the answers suggest, and which one a clinician chooses."""
