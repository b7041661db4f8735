"""Pages under test stand on the curated data, as the numbers that tests expect do: what was refreshed on this machine is no part of them."""

import pytest

from atlas.store import database as reading
from tests.conftest import curated


@pytest.fixture(scope="session", autouse=True)
def curated_pages(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "DATA_DIR", curated(tmp_path_factory.mktemp("pages") / "data"))
        yield
