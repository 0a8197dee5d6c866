"""What goes on in the web process is told to nobody outside, whatever its environment or a library asks for."""

import pytest
from fastapi import FastAPI

from app.main import create_app
from app.seal import new_key
from app.settings import Settings, write_key_ring


def test_an_exporter_in_the_environment_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    monkeypatch.setattr("opentelemetry.trace.get_tracer_provider", object)
    app = create_app(Settings(environment="test", port=0, keys=write_key_ring(dict([new_key()]))))
    others = FastAPI()
    assert (others._native_telemetry.enabled(), others._telemetry["auto_configure"]) == (True, True)
    assert (app._native_telemetry.enabled(), app._telemetry["auto_configure"]) == (False, False)
