"""Warns of rows in app/places/regions.yaml that nobody has compared with their source for a year. Never fails:
an old number is for a person to look at, and no reason to hold a fix back."""

from datetime import UTC, datetime

from app.places.regions import REGIONS, warnings

if __name__ == "__main__":
    for line in warnings(datetime.now(UTC).date()):
        print(f"warning: {line}")
    print(f"{len(REGIONS)} countries")
