"""The demo's program has a known id, so that its people can be listed before anybody has signed in."""

from uuid import UUID

DEMO_PROGRAM_ID = UUID("d3300000-0000-4000-8000-000000000001")
