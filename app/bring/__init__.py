"""Bring your data: clients, contacts, staff and groups from CSV files, and one client's whole record out again."""
