"""Machines of a source and the sites we have: which is which, and what stays in doubt."""

import pytest

from atlas.upstream.known import Known
from atlas.upstream.machine import Machine, days_between, distance_km, words
from atlas.upstream.matching import Doubt, Groups, Sites
from tests.upstream.small import known_of, rows, site, write

SEJONG = site("naver-sejong", "Naver GAK Sejong", location="824 Haengbok-daero, Sejong", operational_date="2023-11-15")
NAVER = {"sites": [SEJONG], "chips": [("naver-sejong", "nvidia-a100", 2240)], "parties": [("naver-sejong", "naver", "owner")]}


def machine(name="Titan", iso3="KOR", owners=("naver",), **known):
    return Machine(name, iso3, owners=frozenset(owners), **known)


def match(known, *machines):
    found = Sites(known).place(list(machines))
    return found if len(machines) > 1 else found[0]


def test_the_same_plain_name_in_the_same_country_is_the_same_site():
    found = match(known_of(**NAVER), machine("NAVER GAK, Sejong", owners=()))
    assert (found.site_id, found.is_sure) == ("naver-sejong", True)


def test_the_same_name_in_another_country_is_in_doubt():
    assert not match(known_of(**NAVER), machine("Naver GAK Sejong", iso3="USA")).is_sure


def test_an_editors_decision_comes_before_the_name():
    known = known_of(**NAVER, decisions=[("site", "Naver GAK Sejong", "")])
    assert match(known, machine("Naver GAK Sejong")) is None
    known = known_of(**NAVER, decisions=[("site", "Machine of N.", "naver-sejong")])
    assert match(known, machine("Machine of N.")).is_sure


def test_a_decision_for_a_site_that_is_gone_decides_nothing():
    assert match(known_of(decisions=[("site", "Titan", "gone")]), machine()) is None


def test_the_same_machine_by_its_figures_is_sure_under_another_name():
    same = machine("Supercomputer of a portal", ("KOR"), ("naver-cloud",), chips={"nvidia-a100": 2240}, start="2023-11-01")
    found = match(known_of(**NAVER), same)
    assert (found.site_id, found.is_sure) == ("naver-sejong", True)


@pytest.mark.parametrize(
    "difference",
    [
        {"owners": ("kt",)},
        {"iso3": "USA"},
        {"chips": {"nvidia-h100": 2240}},
        {"chips": {"nvidia-a100": 2300}},
        {"chips": {"nvidia-a100": None}},
        {"start": "2024-06"},
        {"place": "1 Jungang-ro, Chuncheon 24398"},
    ],
)
def test_one_difference_makes_the_same_machine_unsure(difference):
    same = {"name": "Supercomputer of a portal", "chips": {"nvidia-a100": 2240}, "start": "2023-11-01", **difference}
    found = match(known_of(**NAVER), machine(**same))
    assert found is None or not found.is_sure


def test_twins_stay_in_doubt():
    twin = {"chips": {"nvidia-a100": 2240}, "start": "2023-11-15"}
    found = match(known_of(**NAVER), machine("Twin one", **twin), machine("Twin two", **twin))
    assert [one.is_sure for one in found] == [False, False]


def test_a_site_that_another_machine_has_by_name_is_taken():
    twin = {"chips": {"nvidia-a100": 2240}, "start": "2023-11-15"}
    named, other = match(known_of(**NAVER), machine("Naver GAK Sejong", **twin), machine("Something else", **twin))
    assert named.is_sure
    assert not other.is_sure


@pytest.mark.parametrize("name", ["Naver GAK Sejong Phase 2", "Naver GAK Sejong 4", "GAK Sejong", "Naver GAK Sejong scalable module"])
def test_a_part_or_another_state_is_in_doubt(name):
    found = match(known_of(**NAVER), machine(name, owners=()))
    assert (found.is_sure, found.reason) == (False, Doubt.STATE)


def test_a_similar_name_is_in_doubt():
    assert match(known_of(**NAVER), machine("Sejong by Naver", owners=())).reason == Doubt.NAME


def test_a_name_is_compared_with_sites_that_do_not_count_too():
    gone = known_of(sites=[{**SEJONG, "counts_in_total": "no"}])
    assert match(gone, machine("Naver GAK Sejong Phase 2")).reason == Doubt.STATE
    assert match(gone, machine("Titan", place="824 Haengbok-daero, Sejong")) is None


def test_an_owner_and_a_place_in_common_are_a_doubt():
    here = machine(place="Sejong, South Korea", chips={"nvidia-h100": 8})
    assert match(known_of(**NAVER), here).reason == Doubt.OWNER_AND_PLACE


def test_an_address_in_common_is_a_doubt_whoever_owns_it():
    assert match(known_of(**NAVER), machine(owners=("kt",), place="Haengbok-daero 824, Sejong")).reason == Doubt.ADDRESS


def test_a_place_is_near_by_coordinates_and_not_by_the_name_of_the_country():
    own = known_of(
        sites=[{**SEJONG, "location": "", "latitude": "36.48", "longitude": "127.29"}], parties=NAVER["parties"], chips=NAVER["chips"]
    )
    assert match(own, machine(position=(36.5, 127.3), chips={"nvidia-h100": 8})).reason == Doubt.OWNER_AND_PLACE
    assert match(own, machine(position=(35.1, 129.0), chips={"nvidia-a100": 2240})) is None
    assert match(own, machine(place="South Korea", chips={"nvidia-h100": 8})) is None


def test_an_owners_machine_without_a_place_may_stand_in_its_data_centre():
    campus = known_of(sites=[{**SEJONG, "kind": "data-centre"}], parties=NAVER["parties"])
    assert match(campus, machine(chips={"nvidia-h100": 8})).reason == Doubt.OWNER_OF_CAMPUS
    assert match(campus, machine(chips={"nvidia-h100": 8}, place="1 Jungang-ro, Chuncheon 24398")) is None


def test_an_owners_machine_of_other_chips_or_size_is_another_machine():
    known = known_of(**NAVER)
    assert match(known, machine(chips={"nvidia-a100": 1500})).reason == Doubt.OWNER_AND_CHIPS
    assert match(known, machine(chips={"nvidia-a100": 100})) is None
    assert match(known, machine(chips={"nvidia-h100": 2240})) is None
    assert match(known, machine(chips={})).reason == Doubt.OWNER


def test_a_machine_of_unknown_owner_and_the_same_chips_is_in_doubt():
    known = known_of(**NAVER)
    assert match(known, machine(owners=(), chips={"nvidia-a100": 2000})).reason == Doubt.CHIPS
    assert match(known, machine(owners=(), chips={"nvidia-a100": 2000}, has_other_owner=True)) is None


def test_a_place_of_unknown_owner_and_the_same_power_is_in_doubt():
    known = known_of(sites=[{**SEJONG, "power_mw": "3000"}])
    assert match(known, machine(owners=(), place="Sejong", power=2700)).reason == Doubt.PLACE_AND_POWER
    assert match(known, machine(owners=(), place="Sejong", power=1000)) is None


def test_the_strongest_reason_is_told():
    known = known_of(sites=[site("a", "Another", kind="data-centre"), SEJONG], parties=[("a", "naver", "owner"), *NAVER["parties"]])
    assert match(known, machine("Naver GAK Sejong Phase 2")).site_id == "naver-sejong"


def test_a_machine_without_a_name_is_compared_by_size_and_start():
    known = known_of(sites=[site("c", "Named", "CHN", operational_date="2025-06")], chips=[("c", "nvidia-h100", 1000)])
    nameless = {"name": "Anonymized Chinese System", "iso3": "CHN", "owners": (), "has_name": False}
    assert match(known, machine(**nameless, size=700, start="2025-01")).reason == Doubt.NAMELESS
    assert match(known, machine(**nameless, size=400, start="2025-01")) is None
    assert match(known, machine(**nameless, size=700, start="2022-01")) is None
    assert match(known, machine(**nameless, start="2025-01")).reason == Doubt.NAMELESS
    assert match(known, machine(**nameless, size=1, is_planned=True)).reason == Doubt.NAMELESS_PLAN


def test_sites_of_another_layer_are_compared_only_where_it_is_named():
    layer = {"sites": rows("sites", site("epoch-x", "Machine X"))}
    known = known_of(layers={"clusters": layer})
    assert Sites(known).place([machine("Machine X")]) == [None]
    assert Sites(known, beside=("clusters", "missing")).place([machine("Machine X")])[0].site_id == "epoch-x"


def test_the_rows_of_layers_are_read_beside_the_curated_ones_and_decisions(tmp_path):
    upstream = tmp_path / "upstream"
    (upstream / "clusters").mkdir(parents=True)
    write(tmp_path / "sites.csv", [], site("a", "A"))
    write(upstream / "names.csv", [], {"kind": "site", "name": "B", "id": "a"})
    write(upstream / "clusters" / "sites.csv", [], site("epoch-c", "C"))
    known = Known.of(tmp_path)
    assert known.site_ids == {"a"}
    assert known.decided("site", "b") == "a"
    assert [row["site_id"] for row in known.layers["clusters"]["sites"]] == ["epoch-c"]
    assert Known.of(tmp_path / "nowhere").layers == {}


def test_a_subsidiary_and_its_parent_are_one_owner_and_a_circle_ends():
    known = known_of()
    assert Groups(known).heads(["naver-cloud", "kt"]) == {"naver", "kt"}
    known.rows["organisations"][0]["parent_org_id"] = "naver-cloud"
    assert len(Groups(known).heads(["naver-cloud"])) == 1


def test_h100_equivalents_need_every_number_and_rate():
    sites = Sites(known_of())
    assert sites.h100e({"nvidia-h100": 10, "nvidia-a100": 10}) == 13
    assert sites.h100e({"nvidia-h100": None}) is None
    assert sites.h100e({"nvidia-blackwell": 10}) is None
    assert sites.h100e({}) is None


def test_days_count_from_the_first_day_of_a_date():
    assert days_between("2025", "2025-Q2") == 90
    assert days_between("2025-03", "2025-03-15") == 14
    assert days_between("", "2025") is None


def test_distance_is_along_the_earth():
    assert distance_km((37.57, 126.98), (35.18, 129.08)) == pytest.approx(325, abs=5)


def test_words_of_a_place_leave_out_what_any_place_has():
    assert words("Data Center, 824 Haengbok-daero, Sejong", shortest=4) == {"haengbok", "daero", "sejong"}
