"""FHIR R4 documents: what every one of ours is made of, and what must be true of it before it leaves."""
