"""The curated facts, through the whole chain from CSV to view and measure: figures that must come out, and how much there is of everything."""

import pytest

from atlas import measures

ALL = ["official", "reported", "estimated", "planned"]
CONTEST = "kor-sovereign-fm"


def shares(database, segment, period):
    frame = database.read("company_shares", where={"segment_id": [segment], "period": [period]}, evidence=ALL)
    return dict(frame[["org_id", "share_pct"]].to_numpy())


def test_high_bandwidth_memory_in_the_third_quarter_of_2025(database):
    """Counterpoint Research, by revenue."""
    assert shares(database, "hbm", "2025-Q3") == {"sk-hynix": 57, "samsung-electronics": 22, "micron": 21}
    frame = database.read("country_shares", where={"segment_id": ["hbm"], "period": ["2025-Q3"]}, evidence=ALL).set_index("iso3")
    assert frame.loc["KOR", ["share_pct", "metric"]].tolist() == [79, "revenue"]


def changes(database, status):
    frame = database.read("contest", where={"programme_id": [CONTEST], "status": [status]})
    return set(zip(frame["lead"], frame["status_date"], strict=True))


def test_the_five_consortia_of_august_2025(database):
    assert changes(database, "selected") == {
        (lead, "2025-08-04") for lead in ("Naver Cloud", "Upstage", "SK Telecom", "NC AI", "LG AI Research")
    }


def test_fifteen_teams_applied_in_july_2025(database):
    applied = database.read("contest", where={"programme_id": [CONTEST], "status": ["applied"]})
    assert len(applied[applied["status_date"].str.startswith("2025-07")]) == 15


def test_who_was_dropped_and_added(database):
    assert {("Naver Cloud", "2026-01-15"), ("NC AI", "2026-01-15")} <= changes(database, "eliminated")
    assert ("Motif Technologies", "2026-02-20") in changes(database, "added")
    assert ("Motif Technologies", "2026-08-18") in changes(database, "eliminated")


def test_rebellions_is_in_the_consortium_of_sk_telecom(database):
    frame = database.read("members", where={"programme_id": [CONTEST], "org_id": ["rebellions"]})
    assert "SK Telecom" in set(frame["lead"])
    assert set(frame["layer"]) == {"chip"}


def test_korea_computes_on_chips_designed_in_the_united_states(database):
    """The share of TOP500 performance on US-designed chips in June 2025, and the dependence of all sites on chip design from abroad."""
    series = database.read("top500", where={"iso3": ["KOR"], "as_of": ["2025-06"], "indicator_id": ["top500-us-designed-chip-share"]})
    assert list(series["value"]) == [100]
    dependence = measures.dependence(database.read("holdings", evidence=ALL)).set_index(["iso3", "layer"])
    assert dependence.loc[("KOR", "design"), "share_pct"] > 95
    assert dependence.loc[("USA", "design"), "share_pct"] < 5


def test_titan_counts_once(database):
    states = database.read("machine_states")
    titan = states[states["machine"].str.contains("Titan") & (states["iso3"] == "KOR")]
    assert len(titan) >= 2
    assert titan["counts_in_total"].sum() == 1


def test_phases_of_ulsan_count_once(database):
    sites = database.read("sites", where={"iso3": ["KOR"]}, text="ulsan")
    assert len(sites) >= 2
    assert sites["part_of_site_id"].notna().any()
    wholes = set(sites.loc[sites["counts_in_total"], "site_id"])
    assert not wholes & set(sites.loc[sites["counts_in_total"], "part_of_site_id"].dropna())


def test_both_rounds_have_points(database):
    frame = database.read("evaluation_points", where={"programme_id": [CONTEST]})
    assert set(frame["round"]) == {1, 2}
    assert frame["points"].le(frame["max_points"]).all()


def test_nvidia_has_known_suppliers_at_every_stage(database):
    frame = database.read("supply", where={"customer_org_id": ["nvidia"]})
    assert {"tsmc", "sk-hynix", "samsung-electronics", "micron"} <= set(frame["supplier_org_id"])
    assert {"foundry", "memory", "packaging"} <= set(frame["stage"])


@pytest.mark.parametrize(
    ("table", "least"),
    [("sites", 400), ("chips", 130), ("market_shares", 500), ("supply_links", 180), ("events", 300), ("sources", 500), ("trade", 50), ("fabs", 40), ("shipments", 100), ("observations", 500), ("support", 30), ("evaluations", 30)],
)  # fmt: skip
def test_there_is_enough_of_everything(database, table, least):
    assert len(database.read(table)) >= least


def test_the_world_is_covered(database):
    assert database.read("programmes")["iso3"].nunique() >= 30
    assert database.read("sites")["iso3"].nunique() >= 45
    members = database.read("members")
    assert (members["iso3"] == "KOR").sum() >= 150
    assert (members["iso3"] != "KOR").sum() >= 350


def test_the_top500_history_is_whole(database):
    lists = set(database.read("top500", where={"iso3": ["USA"]})["as_of"])
    assert {f"{year}-{month}" for year in range(2015, 2026) for month in ("06", "11")} <= lists


def test_support_is_known_per_team_and_period(database):
    frame = database.read("support_rows", where={"programme_id": [CONTEST], "resource": ["gpu"], "scope": ["consortium"]})
    assert frame["consortium_id"].nunique() >= 4
    assert frame["from_date"].nunique() >= 2


def test_every_source_has_an_address_and_a_publisher(database):
    sources = database.read("sources")
    assert sources["url"].str.match(r"https?://[^/]+").all()
    assert (sources["publisher"].str.len() > 1).all()


def test_no_forecast_is_drawn(database):
    assert not database.read("all_shares", where={"is_forecast": [True]})["is_preferred"].any()
    assert "forecast" not in set(database.read("national_compute")["basis"]) | set(
        database.read("frontier_growth", where={"is_planned": [False]})["basis"]
    )


# The cases that the measures of self-reliance and exposure must give ---------------------------------------------------


def exposed(database, *organisations, stage):
    from atlas import exposure

    suppliers, inputs, sites = (database.read(view) for view in ("chip_suppliers", "chipmaker_inputs", "site_chip_compute"))
    stop = exposure.Stop(frozenset(organisations), stage)
    things = database.read("things")
    links = exposure.graph(
        suppliers, inputs, sites, database.read("compute_users"), dict(zip(things["id"], things["kind"], strict=True)), stop
    )
    countries = exposure.countries(sites, exposure.chips(suppliers, inputs, stop))
    running = countries[countries["status"] == "operational"].set_index("iso3")
    return running, set(exposure.hits(links, stop)["id"]), exposure.chips(suppliers, inputs, stop).set_index("chip_id")


def test_an_id_names_one_thing(database):
    assert database.read("things")["id"].is_unique


def test_korea_designs_none_of_its_chips_and_makes_most_memory_the_united_states_the_other_way_round(database):
    from atlas import measures

    design = measures.dependence(database.read("holdings", evidence=ALL)).set_index(["iso3", "layer"])["share_pct"]
    assert design["KOR", "design"] > 95
    assert design["USA", "design"] < 5
    shares = database.read("country_shares", where={"segment_id": ["hbm"], "period": ["2025-Q3"]}, evidence=ALL).set_index("iso3")[
        "share_pct"
    ]
    assert shares["KOR"] == 79
    assert shares["USA"] == 21


def test_if_tsmc_stops_nearly_all_compute_of_korea_and_the_united_states_is_exposed(database):
    running, hit, chips = exposed(database, "tsmc", stage="foundry")
    assert running.loc["KOR", "low_pct"] > 95
    assert running.loc["USA", "low_pct"] > 95
    assert "furiosaai-rngd" in hit
    assert "rebellions-rebel-quad" not in hit
    assert chips.loc["rebellions-rebel-quad", "high"] == 0


def test_if_sk_hynix_stops_the_h100_and_later_are_exposed_and_sites_of_sk_telecom_among_those_hit(database):
    _, hit, chips = exposed(database, "sk-hynix", stage="memory")
    assert (chips.loc[["nvidia-h100", "nvidia-h200", "nvidia-b200", "nvidia-b300"], "high"] == 1).all()
    assert {"skt-haein-b200", "skt-titan-2025"} <= hit
