"""The views of the comparison: hand-made rows in, the answer worked out by hand."""

import pytest

from tests.conftest import UNIT

ALL = ["official", "reported", "estimated", "planned"]


@pytest.fixture
def countries(folder):
    folder.add(
        "indicators",
        *({"indicator_id": i, "name": f"{i} name", "unit": "x", "description": "x"} for i in ("population", "gdp-usd", "racks")),
    )
    folder.add(
        "observations",
        {"iso3": "KOR", "indicator_id": "population", "year": 2023, "value": 40e6},
        {"iso3": "KOR", "indicator_id": "population", "year": 2024, "value": 50e6},
        {"iso3": "KOR", "indicator_id": "gdp-usd", "year": 2024, "value": 2000e9},
    )
    return folder


def value_of(folder, indicator, iso3="KOR", evidence=ALL, scale="absolute"):
    frame = folder.database().read("indicator_values", where={"indicator_id": [indicator], "iso3": [iso3]}, evidence=evidence, scale=scale)
    assert len(frame) <= 1
    return None if frame.empty else frame.iloc[0]


def racks(folder, *rows):
    folder.add("country_series", *({"iso3": iso3, "indicator_id": "racks", "as_of": as_of, "value": value, "basis": basis, "confidence": confidence} for iso3, as_of, value, basis, confidence in rows))  # fmt: skip


def test_the_newest_value_of_a_series_counts(countries):
    row = value_of(countries, "population")
    assert (row["value"], row["period"], row["unit"], row["indicator"], row["group_id"]) == (
        50e6,
        "2024",
        "x",
        "population name",
        "economy",
    )


@pytest.mark.parametrize("basis", ["target", "forecast", "announced"])
def test_what_is_not_measured_or_estimated_never_counts(countries, basis):
    racks(countries, ("KOR", "2024", 10, "measured", "reported"), ("KOR", "2030", 99, basis, "planned"))
    assert value_of(countries, "racks")["value"] == 10


def test_a_value_of_long_ago_is_not_known(countries):
    racks(
        countries,
        ("KOR", "2018", 10, "measured", "reported"),
        ("USA", "2025", 20, "measured", "reported"),
        ("FRA", "2023", 30, "measured", "reported"),
    )
    assert value_of(countries, "racks") is None
    assert value_of(countries, "racks", "FRA")["value"] == 30


def test_evidence_that_is_not_chosen_does_not_count(countries):
    racks(countries, ("KOR", "2024", 10, "measured", "official"), ("KOR", "2025", 12, "estimated", "estimated"))
    assert value_of(countries, "racks", evidence=["official"])["value"] == 10
    assert value_of(countries, "racks")["value"] == 12


def test_running_being_built_and_planned_are_indicators_of_their_own(countries):
    countries.add_site("runs", "KOR", chips={"nvidia-h100": 100}, power_mw=5)
    countries.add_site("builds", "KOR", chips={"nvidia-h100": 30}, status="under-construction")
    countries.add_site("plans", "KOR", chips={"nvidia-h100": 5000}, status="planned", confidence="planned")
    assert value_of(countries, "compute-operational")["value"] == 100
    assert value_of(countries, "compute-under-construction")["value"] == 30
    assert value_of(countries, "compute-planned")["value"] == 5000
    assert value_of(countries, "power-operational")["value"] == 5
    assert value_of(countries, "power-planned") is None
    assert value_of(countries, "compute-planned")["confidence"] == "planned"


def test_computing_power_is_divided_by_the_scale(countries):
    countries.add_site("runs", "KOR", chips={"nvidia-h100": 100})
    per_head = value_of(countries, "compute-operational", scale="per-capita")
    assert (per_head["value"], per_head["unit"]) == (2, "h100e_per_million")
    assert value_of(countries, "compute-operational", scale="per-gdp")["value"] == 0.05
    assert value_of(countries, "population", scale="per-gdp")["value"] == 50e6


def test_the_weakest_evidence_stands_for_a_sum(countries):
    countries.add_site("a", "KOR", chips={"nvidia-h100": 1})
    countries.add_site("b", "KOR", chips={"nvidia-h100": 1}, confidence="estimated")
    countries.add_site("c", "KOR", confidence="planned")
    assert value_of(countries, "compute-operational")["confidence"] == "estimated"
    assert value_of(countries, "sites-operational")["confidence"] == "planned"


def model(model_id, **columns):
    return {"model_id": model_id, "name": model_id, "org_id": "lg", "iso3": "KOR", "role": "national", "parameters_b": 7} | columns


def test_models_are_counted_by_what_is_known_of_them(countries):
    countries.add_organisations(lg="KOR")
    countries.add(
        "models",
        model("a", family="exa", has_open_weights="yes", from_scratch="yes"),
        model("b", family="exa", has_open_weights="no", from_scratch="no"),
        model("c", from_scratch="disputed", parameters_b=70),
        model("d", role="comparator", parameters_b=999),
        model("e", confidence="planned", parameters_b=999),
    )
    assert value_of(countries, "models")["value"] == 3
    assert value_of(countries, "model-families")["value"] == 2
    assert value_of(countries, "models-open")["value"] == 50
    assert value_of(countries, "models-from-scratch")["value"] == pytest.approx(100 / 3)
    assert value_of(countries, "model-parameters")["value"] == 70
    assert value_of(countries, "model-training") is None


def test_planned_chips_are_not_counted(countries):
    countries.add_organisations(rebellions="KOR")
    countries.add_chips(runs=("rebellions", UNIT), other=("rebellions", UNIT / 2))
    countries.add("chips", {"chip_id": "soon", "name": "soon", "vendor_org_id": "rebellions", "kind": "npu", "is_family": "no", "fp16_dense_tflops": 9 * UNIT, "purpose": "both", "confidence": "planned"})  # fmt: skip
    assert value_of(countries, "chips-designed")["value"] == 2
    assert value_of(countries, "chip-fastest")["value"] == UNIT


def test_budgets_and_announcements_of_the_state_stay_apart(countries):
    common = {"iso3": "KOR", "is_umbrella": "no", "counts_in_total": "yes", "status": "active", "budget_currency": "USD"}
    countries.add("exchange_rates", {"currency": "USD", "year": 2025, "per_usd": 1})
    countries.add(
        "programmes",
        common | {"programme_id": "a", "name": "a", "funding": "public", "budget_value": 100e6, "budget_stage": "committed"},
        common | {"programme_id": "b", "name": "b", "funding": "public", "budget_value": 900e6, "budget_stage": "announced"},
        common | {"programme_id": "c", "name": "c", "funding": "private", "budget_value": 7000e6},
    )
    assert value_of(countries, "budget-public")["value"] == 100
    assert value_of(countries, "budget-announced")["value"] == 900


def test_a_country_of_which_nothing_is_known_has_no_row(countries):
    countries.add_site("no-count", "FRA", chips={"nvidia-h100": ""})
    assert value_of(countries, "compute-operational", "FRA") is None
    assert value_of(countries, "sites-operational", "FRA")["value"] == 1


def test_a_series_is_offered_where_two_countries_have_two_values(countries):
    racks(
        countries,
        ("KOR", "2024", 1, "measured", "official"),
        ("KOR", "2025", 2, "measured", "official"),
        ("USA", "2024", 1, "measured", "official"),
    )
    assert "racks" not in set(countries.database().read("series_indicators")["indicator_id"])
    racks(countries, ("USA", "2025", 1, "measured", "official"))
    assert "racks" in set(countries.database().read("series_indicators")["indicator_id"])


def test_the_curated_data_has_one_value_per_indicator_and_country(database):
    frame = database.read("indicator_values", evidence=ALL, scale="absolute")
    assert not frame.duplicated(["indicator_id", "iso3"]).any()
    assert "WLD" not in set(frame["iso3"])
    assert all(len(sources) for sources in frame["source_ids"])
    assert {"economy", "compute", "chips", "models", "consortia", "money"} == set(frame["group_id"])


def test_the_comparison_agrees_with_the_view_it_is_built_from(database):
    values = database.read("indicator_values", where={"indicator_id": ["compute-operational"]}, evidence=ALL, scale="absolute").set_index(
        "iso3"
    )["value"]
    running = database.read("compute_by_country", where={"status": ["operational"]}, evidence=ALL).set_index("iso3")["h100e"].dropna()
    assert dict(values) == dict(running)
