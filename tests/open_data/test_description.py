"""openapi.json tells the truth: whatever it allows is answered as it says, whatever it forbids is refused."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.generation import GenerationMode

from tests.conftest import TABLES

TRIED = settings(max_examples=6, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("mode", GenerationMode)
def test_every_route_keeps_its_description(client, mode):
    schema = schemathesis.openapi.from_url(f"{client.address}/api/v1/openapi.json")
    tried = set()
    for found in schema.get_all_operations():
        operation = found.ok()
        if mode is GenerationMode.NEGATIVE and not operation.definition.raw.get("parameters"):
            continue  # nothing can be forbidden where nothing is asked

        @TRIED
        @given(case=operation.as_strategy(generation_mode=mode))
        def keeps(case):
            case.call_and_validate(timeout=60)
            tried.add(case.operation.path)

        keeps()
    assert len(tried) > len(TABLES)
