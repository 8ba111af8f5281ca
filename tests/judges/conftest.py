"""Where the programs are that others wrote, and that judge what this one writes."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).parent


@pytest.fixture(scope="session")
def judges() -> Path:
    """Find the folder of the judges that npm installs."""
    packages = FOLDER / "node_modules"
    if not packages.is_dir():
        pytest.skip("needs the packages of tests/judges/package.json: run tests/judges/setup.sh")
    return packages
