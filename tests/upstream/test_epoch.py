"""Epoch AI's files: small ones in the same form, each failure of a file, and the real samples where they lie beside the project."""

import csv
import time
from datetime import date, timedelta

import pytest

from atlas import store
from atlas.upstream.epoch import ADAPTERS, clusters, data_centres, hardware, models
from atlas.upstream.epoch.names import one_line, slug
from atlas.upstream.epoch.table import plain_number, read_table
from atlas.upstream.known import Known
from atlas.upstream.layer import Drift, Fact
from tests.conftest import curated
from tests.layers import put_layer
from tests.upstream.small import SAMPLES, known_of, rows, site, write

FUTURE = (date.today() + timedelta(days=400)).isoformat()
PAST = (date.today() - timedelta(days=400)).isoformat()


def cluster(name="Hanbit", **cells):
    return {
        "Name": name,
        "Status": "Existing",
        "Certainty": "Confirmed",
        "Single cluster?": "Yes",
        "Country": "South Korea",
        "Owner": "KT",
        "Sector": "Private",
        "First Operational Date": "2025-03-01",
        "Chip type (primary)": "NVIDIA H100 SXM5",
        "Chip quantity (primary)": "512.0",
        "H100 equivalents": "512.3",
        "Power Capacity (MW)": "0.75",
        **cells,
    }


@pytest.fixture
def read_clusters(tmp_path):
    def read(*given, known=None, **how):
        return clusters.parse({clusters.FILE: write(tmp_path / clusters.FILE, clusters.NEEDED, *given, **how)}, known or known_of())

    return read


def sites_of(layer):
    return {row["name"]: row for row in layer.rows["sites"]}


# Clusters ------------------------------------------------------------------------------------------------------------


def test_a_new_cluster_is_a_site_with_its_chips_and_owner(read_clusters):
    layer = read_clusters(cluster(Location="1 Main St,\n Seoul"))
    [row] = layer.rows["sites"]
    assert row["site_id"] == "epoch-hanbit"
    assert (row["kind"], row["sector"], row["status"], row["counts_in_total"]) == ("cluster", "private", "operational", "yes")
    assert (row["location"], row["operational_date"], row["power_mw"]) == ("1 Main St, Seoul", "2025-03-01", "0.75")
    assert (row["source_id"], row["confidence"]) == ("upstream-epoch-gpu-clusters", "estimated")
    [chip] = layer.rows["site_chips"]
    assert (chip["site_id"], chip["chip_id"], chip["chip_count"]) == ("epoch-hanbit", "nvidia-h100", "512")
    [party] = layer.rows["site_parties"]
    assert (party["org_id"], party["role"], party["source_id"]) == ("kt", "owner", "upstream-epoch-gpu-clusters")


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"Name": ' "" '}, "name not stated"),
        ({"Exclude": "True"}, "excluded by the source"),
        ({"Possible Duplicate": "True"}, "possible duplicate"),
        ({"Superseded by": "Hanbit Phase 2"}, "superseded by a later state"),
        ({"Certainty": "Unlikely"}, "certainty unlikely"),
        ({"Certainty": ""}, "certainty not stated"),
        ({"Single cluster?": "No"}, "sum over several clusters"),
        ({"Status": "Cancelled"}, "status cancelled"),
        ({"Country": ""}, "country not stated"),
        ({"Sector": ""}, "new, sector not stated"),
        (
            {"Chip type (primary)": "", "Chip quantity (primary)": "", "H100 equivalents": "", "Power Capacity (MW)": ""},
            "new, without chips, power and H100 equivalents",
        ),
    ],
)
def test_what_may_not_be_summed_is_left_out_and_counted(read_clusters, cells, reason):
    layer = read_clusters(cluster(**cells), cluster("Another"))
    assert list(sites_of(layer)) == ["Another"]
    assert layer.dropped == {reason: 1}
    assert layer.read == 2


def test_a_false_mark_drops_nothing(read_clusters):
    assert sites_of(read_clusters(cluster(**{"Exclude": "False", "Possible Duplicate": "False"})))


def test_a_cluster_of_ours_gives_facts_and_no_row(read_clusters):
    layer = read_clusters(
        cluster(**{"Hardware Cost": "12500000.0", "Source 1": "https://example.org/a"}), known=known_of(sites=[site("ours", "Hanbit")])
    )
    assert layer.rows["sites"] == []
    assert Fact("sites", "ours", "power_mw", "0.75", "Hanbit", "https://example.org/a") in layer.facts
    assert {fact.field: fact.value for fact in layer.facts} == {
        "status": "operational",
        "operational_date": "2025-03-01",
        "h100e_stated": "512.3",
        "power_mw": "0.75",
        "cost_usd_m": "12.5",
        "chip_count@nvidia-h100": "512",
    }


def test_a_doubtful_cluster_gives_neither_facts_nor_a_row(read_clusters):
    layer = read_clusters(cluster("Hanbit Phase 2"), known=known_of(sites=[site("ours", "Hanbit")]))
    assert (layer.facts, layer.rows["sites"]) == ([], [])
    assert [(one.table, one.upstream_name, one.thing_id) for one in layer.doubtful] == [("sites", "Hanbit Phase 2", "ours")]


def test_a_later_state_of_a_doubtful_cluster_is_in_doubt_wherever_it_stands_in_the_file(read_clusters):
    layer = read_clusters(
        cluster("Zeta", **{"Builds Upon": "Ypsilon"}),
        cluster("Ypsilon", **{"Builds Upon": "Hanbit II"}),
        cluster("Hanbit II"),
        cluster("Loop", **{"Builds Upon": "Loop"}),
        known=known_of(sites=[site("ours", "Hanbit")]),
    )
    assert {one.upstream_name: one.thing_id for one in layer.doubtful} == {"Zeta": "ours", "Ypsilon": "ours", "Hanbit II": "ours"}
    assert list(sites_of(layer)) == ["Loop"]


@pytest.mark.parametrize("country", ["Atlantis", "South Korea,United States"])
def test_a_country_that_is_none_or_several_is_listed_and_not_guessed(read_clusters, country):
    layer = read_clusters(cluster(Country=country), cluster("Second", Country=country))
    assert layer.rows["sites"] == []
    assert [(one.kind, one.name, one.example, one.rows) for one in layer.unmapped] == [("country", country, "Hanbit", 2)]


def test_an_editors_decision_places_a_name_or_silences_it(read_clusters):
    known = known_of(decisions=[("country", "Korea (Republic of)", "KOR"), ("organisation", "Cloud Co", "")])
    layer = read_clusters(cluster(Country="Korea (Republic of)", Owner="Cloud Co"), known=known)
    assert sites_of(layer)["Hanbit"]["iso3"] == "KOR"
    assert layer.unmapped == []
    assert layer.rows["site_parties"] == []


@pytest.mark.parametrize("cell", ["n/a", "1,234", "12 MW", "inf", "nan", "-3", "1_000"])
def test_a_bad_number_is_unknown_and_counted_and_never_zero(read_clusters, cell):
    layer = read_clusters(cluster(**{"Power Capacity (MW)": cell}))
    assert sites_of(layer)["Hanbit"]["power_mw"] == ""
    assert layer.dropped == {"cells of Power Capacity (MW) that are no number": 1}


def test_a_bad_date_is_unknown_and_counted(read_clusters):
    layer = read_clusters(cluster(**{"First Operational Date": "2025-13-01"}))
    assert sites_of(layer)["Hanbit"]["operational_date"] == ""
    assert layer.dropped == {"cells of First Operational Date that are no date": 1}


def test_stated_h100_equivalents_are_taken_only_where_they_cannot_be_computed(read_clusters):
    layer = read_clusters(
        cluster("Computed"),
        cluster("No number", **{"Chip quantity (primary)": ""}),
        cluster("No rate", **{"Chip type (primary)": "NVIDIA Blackwell"}),
        cluster("No chip", **{"Chip type (primary)": ""}),
    )
    assert {name: row["h100e_stated"] for name, row in sites_of(layer).items()} == {
        "Computed": "",
        "No number": "512.3",
        "No rate": "512.3",
        "No chip": "512.3",
    }
    assert [(row["chip_id"], row["chip_count"]) for row in layer.rows["site_chips"]] == [
        ("nvidia-h100", "512"), ("nvidia-h100", ""), ("nvidia-blackwell", "512"), ("unstated", "512"),
    ]  # fmt: skip


def test_a_chip_that_is_none_of_ours_leaves_no_part_of_the_machine(read_clusters):
    layer = read_clusters(cluster(**{"Chip type (secondary)": "Abacus 3", "Chip quantity (secondary)": "9"}))
    assert layer.rows["site_chips"] == []
    assert sites_of(layer)["Hanbit"]["h100e_stated"] == "512.3"
    assert [(one.kind, one.name) for one in layer.unmapped] == [("chip", "Abacus 3")]


def test_two_lots_of_one_chip_are_added(read_clusters):
    layer = read_clusters(cluster(**{"Chip type (secondary)": "NVIDIA H100 SXM5", "Chip quantity (secondary)": "8"}))
    assert [row["chip_count"] for row in layer.rows["site_chips"]] == ["520"]


def test_a_plans_guess_from_power_is_not_taken(read_clusters):
    layer = read_clusters(
        cluster(Status="Planned", **{"Chip type (primary)": "", "Chip quantity (primary)": "", "H100 equivalents": "5103587"})
    )
    [row] = layer.rows["sites"]
    assert (row["status"], row["confidence"], row["h100e_stated"]) == ("planned", "planned", "")


@pytest.mark.parametrize(
    ("note", "start"),
    [
        ("Planned 2026", "2026"),
        ("Planned Q1 2027", "2027-Q1"),
        ("Planned H2 2026", "2026"),
        ("Planned 2029-02", "2029-02"),
        ("Planned", ""),
        ("unclear", ""),
    ],
)
def test_a_plan_starts_when_its_note_says(read_clusters, note, start):
    layer = read_clusters(cluster(Status="Planned", **{"First Operational Date": "", "First Operational Date Note": note}))
    assert sites_of(layer)["Hanbit"]["operational_date"] == start


@pytest.mark.parametrize(
    ("status", "day", "expected"),
    [
        ("Decommissioned", "", ("retired", "", "no")),
        ("Decommissioned", PAST, ("retired", PAST, "no")),
        ("Existing", PAST, ("retired", PAST, "no")),
        ("Existing", FUTURE, ("operational", "", "yes")),
        ("Decommissioned", FUTURE, ("operational", "", "yes")),
    ],
)
def test_a_machine_is_retired_once_its_last_day_has_come(read_clusters, status, day, expected):
    [row] = read_clusters(cluster(Status=status, **{"Decommissioned Date (if applicable)": day})).rows["sites"]
    assert (row["status"], row["retired_date"], row["counts_in_total"]) == expected


def test_a_machine_counts_in_one_of_its_states(read_clusters):
    layer = read_clusters(
        cluster("Running one"),
        cluster("Running two", **{"Builds Upon": "Running one"}),
        cluster("Running three", Status="Planned", **{"Builds Upon": "Running two"}),
        cluster("Running four", Status="Planned", **{"Builds Upon": "Running three"}),
        cluster("Paper one", Status="Planned"),
        cluster("Paper two", Status="Planned", **{"Builds Upon": "Paper one"}),
    )
    found = sites_of(layer)
    assert [name for name, row in found.items() if row["counts_in_total"] == "yes"] == ["Running two", "Paper two"]
    assert {name: row["supersedes_site_id"] for name, row in found.items() if row["supersedes_site_id"]} == {
        "Running two": "epoch-running-one"
    }
    assert {name: row["part_of_site_id"] for name, row in found.items() if row["part_of_site_id"]} == {
        "Running two": "epoch-running-three", "Running three": "epoch-running-four", "Paper one": "epoch-paper-two",
    }  # fmt: skip


def test_what_may_be_several_clusters_does_not_count(read_clusters):
    [row] = read_clusters(cluster(**{"Single cluster?": "Unclear"})).rows["sites"]
    assert (row["counts_in_total"], row["note"]) == ("no", "certainty confirmed in the source; may be several clusters")


def test_systems_without_a_name_get_names_and_ids_from_their_figures(read_clusters):
    hidden = {"Name": "Anonymized Chinese System", "Country": "China", "Owner": "", "Chip type (primary)": ""}
    layer = read_clusters(*(cluster(**{**hidden, "H100 equivalents": size}) for size in ("30.0", "30.0", "700")))
    assert [(row["name"], row["site_id"], row["counts_in_total"]) for row in layer.rows["sites"]] == [
        (
            "Anonymized Chinese System, 2025-03-01, 512 chips, 30 H100e",
            "epoch-anonymized-chinese-system-2025-03-01-512-chips-30-h100e",
            "yes",
        ),
        (
            "Anonymized Chinese System, 2025-03-01, 512 chips, 30 H100e 2",
            "epoch-anonymized-chinese-system-2025-03-01-512-chips-30-h100e-2",
            "yes",
        ),
        (
            "Anonymized Chinese System, 2025-03-01, 512 chips, 700 H100e",
            "epoch-anonymized-chinese-system-2025-03-01-512-chips-700-h100e",
            "yes",
        ),
    ]


def test_a_system_without_a_name_that_may_be_ours_is_in_doubt(read_clusters):
    ours = known_of(sites=[site("c", "Named", "CHN", operational_date="2025-01")], chips=[("c", "nvidia-h100", 600)])
    layer = read_clusters(cluster("Anonymized Chinese System", Country="China", Owner=""), known=ours)
    assert layer.rows["sites"] == []
    assert [one.thing_id for one in layer.doubtful] == ["c"]


def test_a_name_stands_once_in_all_layers_and_may_stay_in_its_own(read_clusters):
    layers = {"epoch-data-centres": {"sites": rows("sites", site("epoch-dc-hanbit", "Hanbit"))}}
    assert list(sites_of(read_clusters(cluster(), known=known_of(layers=layers)))) == ["Hanbit 2"]
    assert list(sites_of(read_clusters(cluster(), known=known_of(layers={clusters.NAME: layers["epoch-data-centres"]})))) == ["Hanbit"]


def test_a_single_user_is_a_tenant_and_several_are_not(read_clusters):
    layer = read_clusters(cluster("One", Users="Meta"), cluster("Own", Users="KT"), cluster("Two", Users="Meta,Google"))
    assert [(row["site_id"], row["org_id"]) for row in layer.rows["site_parties"] if row["role"] == "tenant"] == [("epoch-one", "meta")]


def test_coordinates_come_from_columns_or_from_the_location(read_clusters):
    layer = read_clusters(
        cluster("Columns", latitude="37.5", longitude="127.0"),
        cluster("Text", Location="Muskogee 35.693709, -95.386957"),
        cluster("Wrong", latitude="north", longitude="127.0"),
        cluster("Outside", latitude="137.5", longitude="127.0"),
    )
    assert {name: (row["latitude"], row["longitude"]) for name, row in sites_of(layer).items()} == {
        "Columns": ("37.5", "127.0"), "Text": ("35.693709", "-95.386957"), "Wrong": ("", ""), "Outside": ("", ""),
    }  # fmt: skip
    assert layer.dropped == {"cells of latitude and longitude that are no position": 2}


# Files that are not what they were -----------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_encoding_in_use_is_read(read_clusters, encoding):
    assert list(sites_of(read_clusters(cluster("Höchstleistung"), encoding=encoding))) == ["Höchstleistung"]


def test_columns_in_another_order_and_beside_others_are_read(tmp_path):
    path = write(tmp_path / clusters.FILE, ["New column", *reversed(clusters.NEEDED)], cluster())
    assert list(sites_of(clusters.parse({clusters.FILE: path}, known_of()))) == ["Hanbit"]


def test_a_missing_file_is_told():
    with pytest.raises(Drift, match=r"t\.csv is missing"):
        read_table({}, "t.csv", ())


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.name)
def test_a_renamed_column_is_told_with_its_file(tmp_path, adapter):
    files = {}
    for file in adapter.files:
        files[file.name] = write(tmp_path / file.name, ["Renamed"], {"Renamed": "x"})
    with pytest.raises(Drift, match=adapter.files[0].name):
        adapter.parse(files, known_of())


# Data centres --------------------------------------------------------------------------------------------------------


def centre(name="Colossus", **cells):
    return {
        "Name": name,
        "Current H100 equivalents": "200 #likely",
        "Current power (MW)": "10",
        "Owner": "Meta #confident",
        "Users": "Meta #confident",
        "Country": "United States",
        "Address": "5420 Tulane Rd, Memphis, TN 38109",
        "Current chip types": "NVIDIA H100 SXM5",
        **cells,
    }


def step(day, h100e, name="Colossus", power="12"):
    return {"Data center": name, "Date": day, "H100 equivalents": h100e, "IT power (MW)": "10", "Power (MW)": power}


@pytest.fixture
def read_centres(tmp_path):
    def read(centres, steps=(), known=None):
        steps = steps or [step("2025-01-01", "0", power="0"), step("2025-06-01", "200")]
        files = {
            data_centres.FILE: write(tmp_path / data_centres.FILE, data_centres.NEEDED, *centres),
            data_centres.TIMELINES: write(tmp_path / data_centres.TIMELINES, data_centres.NEEDED_STEPS, *steps),
        }
        return data_centres.parse(files, known or known_of(layers={clusters.NAME: {}}))

    return read


def test_a_new_data_centre_is_a_site_without_its_marks_of_certainty(read_centres):
    layer = read_centres([centre(**{"Current total capital cost (2025 USD billions)": "1.5"})])
    [row] = layer.rows["sites"]
    assert (row["site_id"], row["kind"], row["status"], row["counts_in_total"]) == (
        "epoch-dc-colossus",
        "data-centre",
        "operational",
        "yes",
    )
    assert (row["h100e_stated"], row["power_mw"], row["cost_usd_m"], row["cost_basis"]) == ("200", "10", "1500", "modelled")
    assert (row["operational_date"], row["figures_as_of"], row["purpose"]) == ("2025-06-01", "2025-06-01", "Meta")
    assert [(chip["chip_id"], chip["chip_count"]) for chip in layer.rows["site_chips"]] == [("nvidia-h100", "")]
    assert [(party["org_id"], party["role"]) for party in layer.rows["site_parties"]] == [("meta", "owner")]


def test_a_speculative_owner_is_noted_and_is_no_party(read_centres):
    layer = read_centres([centre(Owner="Google #speculative", Users="Google #speculative")])
    assert layer.rows["site_parties"] == []
    assert layer.rows["sites"][0]["note"] == "speculative in the source: Google"


def test_a_single_user_of_a_data_centre_is_its_tenant(read_centres):
    parties = read_centres([centre(Users="Google #confident")]).rows["site_parties"]
    assert [(party["org_id"], party["role"]) for party in parties] == [("meta", "owner"), ("google", "tenant")]


def test_steps_after_todays_are_planned_and_stand_apart(read_centres):
    known = known_of(sites=[site("ours", "Colossus", "USA")])
    steps = [
        step("2025-03-01", "300"),
        step("2025-01-01", "0", power="0"),
        step("2025-06-01", "200"),
        step("2025-08-01", "", power="15"),
        step("2026-02-01", "900"),
        step(FUTURE, "200"),
    ]
    values = {fact.field: fact.value for fact in read_centres([centre()], steps, known).facts}
    assert {field: value for field, value in values.items() if field.startswith("h100e")} == {
        "h100e_stated": "200", "h100e@2025-01-01": "0", "h100e@2025-03-01": "300", "h100e@2025-06-01": "200",
        "h100e_planned@2026-02-01": "900", f"h100e_planned@{FUTURE}": "200",
    }  # fmt: skip
    assert values["facility_power_mw@2025-01-01"] == "0"
    assert values["facility_power_mw_planned@2025-08-01"] == "15"


def test_a_data_centre_where_nothing_runs_is_planned_or_under_construction(read_centres):
    idle = {"Current H100 equivalents": "0", "Current power (MW)": "0"}
    steps = [step("2025-01-01", "0", power="0"), step("2027-01-01", "500", power="40"), step("2027-01-01", "500", "Paper", power="50")]
    found = sites_of(read_centres([centre(**idle), centre("Paper", Address="1 Oak St, Temple, TX 76502", **idle)], steps))
    assert {
        name: (row["status"], row["confidence"], row["operational_date"], row["power_mw"], row["h100e_stated"])
        for name, row in found.items()
    } == {
        "Colossus": ("under-construction", "planned", "2027-01-01", "40", ""),
        "Paper": ("planned", "planned", "2027-01-01", "50", ""),
    }
    assert found["Paper"]["note"] == "power = planned peak of the whole facility"


def test_a_data_centre_counts_only_where_it_is_known_not_to_be_counted_elsewhere(read_centres):
    def counts(known, **cells):
        return [row["counts_in_total"] for row in read_centres([centre(**cells)], known=known).rows["sites"]]

    assert counts(known_of()) == ["no"]  # the layer of clusters was never read
    assert counts(known_of(layers={clusters.NAME: {}}), Owner="") == ["no"]
    of_meta = {"site_parties": rows("site_parties", {"site_id": "epoch-m", "org_id": "meta", "role": "owner"})}
    somewhere = {"sites": rows("sites", site("epoch-m", "Meta 100k", "USA")), **of_meta}
    assert counts(known_of(layers={clusters.NAME: somewhere})) == ["no"]
    elsewhere = {"sites": rows("sites", site("epoch-m", "Meta 100k", "USA", location="1 Oak St, Temple, TX 76502")), **of_meta}
    assert counts(known_of(layers={clusters.NAME: elsewhere})) == ["yes"]


def test_a_data_centre_at_the_address_of_a_cluster_is_in_doubt(read_centres):
    layers = {clusters.NAME: {"sites": rows("sites", site("epoch-x", "xAI Memphis", "USA", location="5420 Tulane Rd, Memphis"))}}
    layer = read_centres([centre()], known=known_of(layers=layers))
    assert layer.rows["sites"] == []
    assert [one.thing_id for one in layer.doubtful] == ["epoch-x"]


def test_a_data_centre_named_like_a_cluster_of_the_other_layer_gives_no_facts(read_centres):
    layer = read_centres([centre()], known=known_of(layers={clusters.NAME: {"sites": rows("sites", site("epoch-x", "Colossus", "USA"))}}))
    assert (layer.facts, layer.rows["sites"]) == ([], [])
    assert [one.thing_id for one in layer.doubtful] == ["epoch-x"]


def test_steps_of_unknown_data_centres_and_rows_without_a_country_are_counted(read_centres):
    layer = read_centres([centre(Country=""), centre("Far", Country="Atlantis #likely")], [step("2025-01-01", "0", "Nowhere")])
    assert layer.dropped == {"step of a data centre that is not in the list": 1, "country not stated": 1}
    assert [(one.kind, one.name) for one in layer.unmapped] == [("country", "Atlantis")]
    assert layer.read == 3


# Models --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def read_models(tmp_path):
    ours = {"model_id": "hyper-x", "name": "HyperX", "org_id": "naver"}

    def read(*given, decisions=()):
        files = {models.FILE: write(tmp_path / models.FILE, models.NEEDED, *given)}
        return models.parse(files, known_of(models=[ours], decisions=decisions))

    return read


def test_a_model_of_ours_gives_facts_in_our_units(read_models):
    model = {
        "Model": "Hyper-X",
        "Organization": "Naver Cloud,Someone",
        "Publication date": "2025-04-23",
        "Parameters": "8.2e10",
        "Training compute (FLOP)": "1.5e+24",
        "Domain": "Language",
        "Training dataset size (total)": "6000000000000.0",
        "Training hardware": "NVIDIA H100 SXM5",
        "Hardware quantity": "1024.0",
        "Model accessibility": "Open weights (unrestricted)",
        "Base model": "Base",
        "Confidence": "Likely",
        "Link": "https://example.org/x",
    }
    layer = read_models(model)
    assert {(fact.table, fact.thing_id, fact.url) for fact in layer.facts} == {("models", "hyper-x", "https://example.org/x")}
    assert {fact.field: fact.value for fact in layer.facts} == {
        "released": "2025-04-23",
        "parameters_b": "82",
        "training_compute_flop": "1.5e+24",
        "training_tokens_t": "6",
        "training_chip_id": "nvidia-h100",
        "training_chip_count": "1024",
        "has_open_weights": "yes",
        "base_model": "Base",
        "confidence_of_source": "likely",
    }
    assert layer.rows == {}


def test_only_language_models_count_their_data_in_tokens(read_models):
    pictures = {"Model": "HyperX", "Organization": "Naver", "Domain": "Vision", "Training dataset size (datapoints)": "1e9"}
    weights = {"Model accessibility": "API access"}
    assert {fact.field: fact.value for fact in read_models({**pictures, **weights}).facts} == {"has_open_weights": "no"}


def test_a_model_of_the_same_name_and_another_maker_is_in_doubt(read_models):
    layer = read_models({"Model": "HyperX", "Organization": "Meta", "Parameters": "1e9"})
    assert layer.facts == []
    assert [(one.table, one.thing_id) for one in layer.doubtful] == [("models", "hyper-x")]


def test_models_that_we_lack_are_listed_where_the_maker_is_ours_and_else_counted(read_models):
    layer = read_models(
        {"Model": "Llama", "Organization": "Meta"},
        {"Model": "Other", "Organization": "Nobody"},
        {"Model": "Odd", "Organization": "Meta"},
        decisions=[("model", "Odd", "")],
    )
    assert [(one.kind, one.name) for one in layer.unmapped] == [("model", "Llama")]
    assert layer.dropped == {"its maker is none of ours": 1, "none of ours, an editor has decided": 1}


def test_a_decided_model_is_ours_whoever_made_it(read_models):
    layer = read_models({"Model": "X hyper", "Organization": "Nobody", "Parameters": "1e9"}, decisions=[("model", "X hyper", "hyper-x")])
    assert [(fact.thing_id, fact.field, fact.value) for fact in layer.facts] == [("hyper-x", "parameters_b", "1")]


# Hardware ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def read_hardware(tmp_path):
    def read(*given, decisions=()):
        files = {hardware.FILE: write(tmp_path / hardware.FILE, hardware.NEEDED, *({"Manufacturer": "NVIDIA", **row} for row in given))}
        return hardware.parse(files, known_of(decisions=decisions))

    return read


def test_a_chip_of_ours_gives_facts_in_our_units(read_hardware):
    chip = {
        "Hardware name": "NVIDIA H100 SXM5",
        "Release date": "2022-09-20",
        "Memory size per board (Byte)": "80000000000.0",
        "Memory bandwidth (byte/s)": "3350000000000.0",
        "TDP (W)": "700.0",
        hardware.TENSOR: "989400000000000.0",
        "FP16 (half precision) performance (FLOP/s)": "133800000000000.0",
    }
    assert {(fact.table, fact.thing_id, fact.field): fact.value for fact in read_hardware(chip).facts} == {
        ("chips", "nvidia-h100", "released"): "2022-09-20",
        ("chips", "nvidia-h100", "memory_gb"): "80",
        ("chips", "nvidia-h100", "memory_bandwidth_gb_s"): "3350",
        ("chips", "nvidia-h100", "tdp_w"): "700",
        ("chips", "nvidia-h100", "fp16_dense_tflops"): "989.4",
        ("chips", "nvidia-h100", "fp16_tflops"): "133.8",
    }


def test_twice_our_dense_rate_is_a_rate_with_sparsity(read_hardware):
    facts = read_hardware({"Hardware name": "NVIDIA H100 SXM5", hardware.TENSOR: "1.98e15"}).facts
    assert [(fact.field, fact.value) for fact in facts] == [("fp16_sparse_tflops", "1980")]


def test_of_several_variants_the_one_named_most_like_ours_speaks(read_hardware):
    decisions = [("chip", "NVIDIA A100", "nvidia-a100")]
    layer = read_hardware(
        {"Hardware name": "NVIDIA A100", "TDP (W)": "250"},
        {"Hardware name": "NVIDIA A100 SXM4 80 GB", "TDP (W)": "400"},
        decisions=decisions,
    )
    assert [(fact.upstream_name, fact.value) for fact in layer.facts] == [("NVIDIA A100 SXM4 80 GB", "400")]
    assert [(one.upstream_name, one.thing_id) for one in layer.doubtful] == [("NVIDIA A100", "nvidia-a100")]


def test_variants_are_doubtful_game_cards_dropped_and_other_chips_listed(read_hardware):
    names = ("NVIDIA H100 NVL", "NVIDIA GeForce RTX 4090", "NVIDIA Tesla K80", "NVIDIA GH100")
    layer = read_hardware(*({"Hardware name": name} for name in names), decisions=[("chip", "NVIDIA GH100", "")])
    assert [(one.upstream_name, one.thing_id) for one in layer.doubtful] == [("NVIDIA H100 NVL", "nvidia-h100")]
    assert layer.dropped == {"card for games or workstations": 1, "none of ours, an editor has decided": 1}
    assert [(one.kind, one.name) for one in layer.unmapped] == [("chip", "NVIDIA Tesla K80")]
    assert layer.rows == {}


# Cells ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (0, ""),
        (512.0, "512"),
        (0.75, "0.75"),
        (12.3456789, "12.3457"),
        (1234567.8, "1234568"),
        (0.000012, "0.000012"),
        (1.5e24, "1.5e+24"),
    ],
)
def test_a_number_is_written_plainly(value, cell):
    assert plain_number(value) == cell


def test_an_id_comes_from_any_name():
    assert slug('"Jupiter, Jülich"') == "jupiter-julich"
    assert slug("해인") == slug("해인") != slug("다른")
    assert slug("해인").isalnum()


def test_quotation_marks_around_a_name_go_and_those_inside_stay():
    assert one_line('"Crusoe Goodnight\n in Claude"') == "Crusoe Goodnight in Claude"
    assert one_line('"on prem" for Tesla') == '"on prem" for Tesla'


# The adapters and the real files -------------------------------------------------------------------------------------


def test_adapters_say_what_they_cover_and_have_addresses_of_their_own():
    with (store.DATA_DIR / "sources.csv").open(encoding="utf-8", newline="") as file:
        curated = {row["url"] for row in csv.DictReader(file)}
    assert len({adapter.name for adapter in ADAPTERS}) == len({adapter.page for adapter in ADAPTERS}) == 4
    assert not {adapter.page for adapter in ADAPTERS} & curated
    assert "10 to 20 %" in ADAPTERS[0].note
    assert all(adapter.note and adapter.is_redistributable for adapter in ADAPTERS)


def sample(name, *file_names):
    paths = [SAMPLES / f"epoch_{file_name}" for file_name in file_names]
    if not all(path.exists() for path in paths):
        pytest.skip("the samples of upstream files are not beside the project")
    adapter = next(adapter for adapter in ADAPTERS if adapter.name == name)
    known = Known.of(store.DATA_DIR)
    started = time.process_time()
    layer = adapter.parse(dict(zip(file_names, paths, strict=True)), known)
    return layer, known, time.process_time() - started


def loads(folder, name, layer):
    """The data with a layer beside it: the loader raises DataError for any rule that its rows break, and leaves none of them out."""
    data_dir = curated(folder / "data")
    put_layer(data_dir, next(adapter for adapter in ADAPTERS if adapter.name == name), layer)
    connection, _ = store.load_tables(data_dir)
    assert connection.execute("SELECT rows_added FROM layers").fetchone() == (sum(map(len, layer.rows.values())),)


def test_the_sample_of_clusters_holds_every_rule_of_the_data_and_doubles_no_korean_site(tmp_path):
    layer, known, seconds = sample(clusters.NAME, clusters.FILE)
    assert seconds < 2
    assert layer.read == 786
    told = {fact.upstream_name for fact in layer.facts} | {one.upstream_name for one in layer.doubtful}
    assert {"SK Group AWS Uslan Phase 2", "NAVER Corp Sejong", "Samsung SSC4", "Gcore data center Phase 2"} <= told
    assert [row["name"] for row in layer.rows["sites"] if row["iso3"] == "KOR"] == []
    assert {fact.thing_id for fact in layer.facts} <= known.site_ids
    loads(tmp_path, clusters.NAME, layer)


def test_every_site_that_the_editors_took_from_the_clusters_is_found_again():
    layer, known, _ = sample(clusters.NAME, clusters.FILE)
    told = {fact.thing_id for fact in layer.facts} | {one.thing_id for one in layer.doubtful}
    taken = {row["site_id"] for row in known.rows["sites"] if row["source_id"] == "epoch-gpu-clusters" and row["status"] != "retired"}
    assert taken - told == {"lambda-labs-h100-h200"}  # a sum over several clusters, dropped before anything is compared


def test_the_sample_of_data_centres_is_known_to_the_last_one(tmp_path):
    layer, known, _ = sample(data_centres.NAME, data_centres.FILE, data_centres.TIMELINES)
    assert layer.rows["sites"] == []
    assert len({fact.upstream_name for fact in layer.facts}) == 74
    assert {fact.thing_id for fact in layer.facts} <= known.site_ids
    loads(tmp_path, data_centres.NAME, layer)


def test_the_sample_of_hardware_agrees_with_most_of_our_rates():
    layer, known, _ = sample(hardware.NAME, hardware.FILE)
    ours = {row["chip_id"]: row["fp16_dense_tflops"] for row in known.rows["chips"]}
    rates = [
        (float(fact.value), float(ours[fact.thing_id])) for fact in layer.facts if fact.field == "fp16_dense_tflops" and ours[fact.thing_id]
    ]
    assert len(rates) > 30
    assert sum(abs(theirs - own) <= 0.02 * own for theirs, own in rates) >= 0.9 * len(rates)
