"""Practice: invented scenes for the safety check, words that calm, and walking a protocol; kept as each one's own record."""
