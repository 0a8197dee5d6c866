"""How secrets are kept: at the strength that the tests themselves do without."""

from tests.plugins.quick_hashing import REAL


def test_secrets_are_kept_with_argon2id_at_the_strength_of_rfc_9106() -> None:
    kept = REAL.hash("an invented secret of the tests")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert REAL.verify(kept, "an invented secret of the tests")
