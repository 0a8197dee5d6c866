"""The whole product with invented people, telephones that ring on screen, and a database of its own."""
