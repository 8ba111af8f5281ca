"""What all tests may ask for."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says more of the machine than of the program.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write the golden files anew; then read the diff",
    )


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what configures the program for whoever runs the tests away from them."""
    for name in [each for each in os.environ if each.startswith("TRAILCHECK_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Find the folder of large test data that is kept outside of the repository."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    folder = Path(os.environ.get("TRAILCHECK_SHARED", beside))
    if not folder.is_dir():
        pytest.skip(f"needs the shared test data: no folder {folder} (set TRAILCHECK_SHARED)")
    return folder
