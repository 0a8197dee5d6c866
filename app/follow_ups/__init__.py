"""What is owed after a crisis: a call to a caregiver within 24 to 72 hours (F9), and check-ins that a person chose (S8)."""
