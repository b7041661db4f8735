"""Views: hand-made rows in, the answer worked out by hand."""

import pytest

from atlas.store import WORDS
from tests.conftest import TABLES, UNIT

ALL = ["official", "reported", "estimated", "planned"]


@pytest.fixture
def compute(folder):
    """Two vendors and chips; the population of Korea is 50 million, its GDP 2,000 billion."""
    folder.add_organisations(rebellions="KOR", skt="KOR", amazon="USA")
    folder.add_chips(half=("rebellions", UNIT / 2), norate=("rebellions", ""))
    folder.add("indicators", *({"indicator_id": i, "name": i, "unit": "x", "description": "x"} for i in ("population", "gdp-usd")))
    folder.add(
        "observations",
        {"iso3": "KOR", "indicator_id": "population", "year": 2024, "value": 50e6},
        {"iso3": "KOR", "indicator_id": "gdp-usd", "year": 2024, "value": 2000e9},
    )
    return folder


def by_state(database, iso3="KOR", evidence=ALL):
    frame = database.read("compute_by_country", evidence=evidence)
    return frame[frame["iso3"] == iso3].set_index("status")


def test_planned_is_never_added_to_operational(compute):
    compute.add_site("runs", "KOR", chips={"nvidia-h100": 100})
    compute.add_site("builds", "KOR", chips={"nvidia-h100": 30}, status="under-construction")
    compute.add_site("plans", "KOR", chips={"nvidia-h100": 5000}, status="planned", confidence="planned")
    states = by_state(compute.database())
    assert dict(states["h100e"]) == {"operational": 100, "under-construction": 30, "planned": 5000}


def test_plans_without_a_site_and_sums_are_in_no_total(compute):
    compute.add_site("runs", "KOR", chips={"nvidia-h100": 100})
    compute.add_site("target", "KOR", chips={"nvidia-h100": 260000}, status="planned", kind="programme-plan", counts_in_total="no")
    compute.add_site("sum", "KOR", chips={"nvidia-h100": 9999}, kind="total", counts_in_total="no")
    states = by_state(compute.database())
    assert list(states.index) == ["operational"]
    assert states.loc["operational", "h100e"] == 100
    assert states.loc["operational", "sites"] == 1


def test_phases_and_earlier_states_are_not_counted_twice(compute):
    compute.add_site("campus", "KOR", chips={"nvidia-h100": 300})
    compute.add_site("hall", "KOR", chips={"nvidia-h100": 200}, part_of_site_id="campus", counts_in_total="no")
    compute.add_site(
        "titan-1", "KOR", chips={"nvidia-h100": 10}, counts_in_total="no", status="retired", retired_date="2025", operational_date="2022"
    )
    compute.add_site("titan-2", "KOR", chips={"nvidia-h100": 40}, supersedes_site_id="titan-1", operational_date="2025")
    states = by_state(compute.database())
    assert states.loc["operational", "h100e"] == 340
    assert states.loc["operational", "sites"] == 2


def test_each_state_of_a_machine_counts_in_its_own_time(compute):
    compute.add_site(
        "titan-1",
        "KOR",
        chips={"nvidia-h100": 10},
        counts_in_total="no",
        status="retired",
        retired_date="2025-04",
        operational_date="2022-01",
    )
    compute.add_site("titan-2", "KOR", chips={"nvidia-h100": 40}, supersedes_site_id="titan-1", operational_date="2025-04")
    growth = compute.database().read("compute_growth", evidence=ALL)
    at = dict(zip(growth["quarter"].dt.strftime("%Y-%m-%d"), growth["h100e"], strict=True))
    assert (at["2022-01-01"], at["2025-01-01"], at["2025-04-01"], at["2026-01-01"]) == (10, 10, 40, 40)
    assert "2021-10-01" not in at


def test_unknown_computing_power_is_not_zero(compute):
    compute.add_site("no-count", "KOR", chips={"nvidia-h100": ""})
    compute.add_site("no-rate", "KOR", chips={"norate": 500})
    compute.add_site("no-chip", "KOR")
    database = compute.database()
    sites = database.read("site_compute")
    assert sites["h100e"].isna().all()
    assert sites["h100e_basis"].isna().all()
    states = by_state(database)
    assert states.loc["operational", ["sites", "sites_with_h100e"]].tolist() == [3, 0]
    assert states["h100e"].isna().all()


def test_a_stated_total_is_used_only_where_it_cannot_be_computed(compute):
    compute.add_site("both", "KOR", chips={"nvidia-h100": 10, "half": 20}, h100e_stated=999)
    compute.add_site("stated", "KOR", chips={"norate": 7}, h100e_stated=55)
    sites = compute.database().read("site_compute").set_index("site_id")
    assert sites.loc["both", ["h100e", "h100e_basis"]].tolist() == [20, "computed"]  # 10 + 20 / 2
    assert sites.loc["stated", ["h100e", "h100e_basis"]].tolist() == [55, "stated"]


def test_figures_per_head_and_per_gdp(compute):
    compute.add_site("runs", "KOR", chips={"nvidia-h100": 100}, power_mw=5)
    compute.add_site("taiwan", "TWN", chips={"nvidia-h100": 100})
    database = compute.database()
    korea = by_state(database).loc["operational"]
    assert korea["h100e_per_million"] == pytest.approx(2)  # 100 / 50
    assert korea["h100e_per_gdp_bn"] == pytest.approx(0.05)  # 100 / 2,000
    assert korea["power_mw_per_million"] == pytest.approx(0.1)
    assert by_state(database, "TWN")["h100e_per_million"].isna().all()  # its population is not known


def test_rows_of_evidence_that_is_switched_off_are_left_out(compute):
    compute.add_site("official", "KOR", chips={"nvidia-h100": 100})
    compute.add_site("press", "KOR", chips={"nvidia-h100": 50}, confidence="reported")
    database = compute.database()
    assert by_state(database, evidence=["official"]).loc["operational", "h100e"] == 100
    assert by_state(database, evidence=["reported"]).loc["operational", "h100e"] == 50
    assert by_state(database, evidence=[]).empty


def test_every_row_ends_in_the_sources_it_rests_on(compute):
    compute.add(
        "sources",
        {
            "source_id": "t",
            "publisher": "P",
            "title": "T",
            "url": "https://example.org/t",
            "retrieved": "2026-02",
            "kind": "press",
            "is_weak": "no",
        },
    )
    compute.add_site("a", "KOR", chips={"nvidia-h100": 100})
    compute.add_site("b", "KOR", chips={"nvidia-h100": 100}, source_id="t")
    states = by_state(compute.database())
    assert list(states.loc["operational", "source_ids"]) == ["s", "t"]


def test_designers_of_a_mixed_site_are_not_guessed(compute):
    compute.add_site("pure", "KOR", chips={"nvidia-h100": 60})
    compute.add_site("mixed", "KOR", chips={"nvidia-h100": 20, "half": 40})
    frame = compute.database().read("compute_by_designer", evidence=ALL)
    shares = {
        None if isinstance(iso3, float) or iso3 is None else iso3: share
        for iso3, share in zip(frame["designer_iso3"], frame["share_pct"], strict=True)
    }
    assert shares == {"USA": pytest.approx(60), None: pytest.approx(40)}


def test_control_splits_a_site_between_its_owners_and_keeps_the_unknown(compute):
    compute.add_site(
        "joint", "KOR", chips={"nvidia-h100": 80}, parties={("skt", "owner"): 1, ("amazon", "owner"): 1, ("skt", "operator"): 1}
    )
    compute.add_site("silent", "KOR", chips={"nvidia-h100": 20})
    frame = compute.database().read("control", evidence=ALL).set_index(["layer", "relation"])["share_pct"]
    assert dict(frame["owner"]) == {"own": 40, "abroad": 40, "unknown": 20}
    assert dict(frame["operator"]) == {"own": 80, "unknown": 20}
    assert dict(frame["design"]) == {"abroad": 100}


def test_a_body_of_the_union_is_not_abroad(compute):
    compute.add_organisations(eurohpc="EUU", atos="FRA")
    compute.add_site("lumi", "DEU", chips={"nvidia-h100": 10}, parties={("eurohpc", "owner"): 1, ("atos", "operator"): 1})
    frame = compute.database().read("control", evidence=ALL).set_index(["layer", "relation"])["share_pct"]
    assert dict(frame["owner"]) == {"union": 100}
    assert dict(frame["operator"]) == {"abroad": 100}


# Market shares ------------------------------------------------------------------------------------------------------


@pytest.fixture
def market(folder):
    folder.add(
        "segments",
        *(
            {
                "segment_id": segment,
                "stage": "memory",
                "position": n,
                "market_iso3": "WLD",
                "is_competitors_market": "yes",
                "is_whole_market": "yes",
                "description": "x",
            }
            for n, segment in enumerate(("hbm", "dram"), start=1)
        ),
    )
    folder.add_organisations(hynix="KOR", samsung="KOR", micron="USA")
    folder.add(
        "organisations",
        {"org_id": "others", "name": "Others", "kind": "aggregate", "sector": "x", "iso3": "WLD"},
        {"org_id": "total", "name": "Total", "kind": "aggregate", "sector": "x", "iso3": "WLD"},
    )

    def share(org, pct, period="2025-Q3", segment="hbm", **columns):
        folder.add(
            "market_shares",
            {
                "segment_id": segment,
                "period": period,
                "metric": "revenue",
                "tracker": "T",
                "org_id": org,
                "share_pct": pct,
                "is_forecast": "no",
                "is_preferred": "yes",
            }
            | columns,
        )

    folder.share = share
    return folder


def test_a_forecast_and_a_rival_tracker_are_never_drawn(market):
    market.share("hynix", 57)
    market.share("hynix", 62, tracker="U", is_preferred="no")
    market.share("hynix", 70, period="2027", is_forecast="yes", is_preferred="no")
    database = market.database()
    assert list(database.read("company_shares", evidence=ALL)["share_pct"]) == [57]
    assert len(database.read("all_shares")) == 3


def test_a_country_holds_the_sum_of_its_companies_and_others_is_nobody(market):
    for org, pct in (("hynix", 57), ("samsung", 22), ("micron", 20), ("others", 1)):
        market.share(org, pct)
    market.share("total", "", value_usd_m=9000)
    frame = market.database().read("country_shares", evidence=ALL).set_index("iso3")
    assert dict(frame["share_pct"]) == {"KOR": 79, "USA": 20}
    assert frame["known_pct"].tolist() == [99, 99]


def test_leverage_takes_the_newest_period_that_is_known_well_enough(market):
    market.share("hynix", 57, period="2025-Q3")
    market.share("micron", 21, period="2025-Q3")
    market.share("micron", 30, period="2025-Q4")  # less than half is known of this quarter
    market.share("samsung", 40, period="2025-Q1", segment="dram")
    frame = market.database().read("leverage", evidence=ALL)
    assert sorted(frame[["segment_id", "iso3", "period", "share_pct"]].to_numpy().tolist()) == [
        ["hbm", "KOR", "2025-Q3", 57],
        ["hbm", "USA", "2025-Q3", 21],
    ]


def test_a_country_whose_company_is_missing_for_a_period_is_not_known_then(market):
    """Samsung's share of the second quarter is not published: Korea's sum would show a fall that did not happen."""
    for period in ("2025-Q1", "2025-Q2", "2025-Q3"):
        market.share("hynix", 50, period=period)
        market.share("micron", 20, period=period)
    market.share("samsung", 30, period="2025-Q1")
    market.share("samsung", 30, period="2025-Q3")
    database = market.database()
    assert database.read("missing_companies", evidence=ALL)[["period", "org_id"]].to_numpy().tolist() == [["2025-Q2", "samsung"]]
    frame = database.read("country_shares", evidence=ALL)
    assert dict(frame[frame["iso3"] == "KOR"][["period", "share_pct"]].to_numpy()) == {"2025-Q1": 80, "2025-Q3": 80}
    assert len(frame[frame["iso3"] == "USA"]) == 3


def test_a_company_that_leaves_the_market_is_not_missing_for_ever(market):
    market.share("samsung", 30, period="2022")
    for period in ("2024-Q4", "2025-Q1"):
        market.share("hynix", 60, period=period)
    assert market.database().read("missing_companies", evidence=ALL).empty


def test_the_chips_of_all_known_sites_are_a_segment_of_their_own(compute):
    compute.add_site("here", "KOR", chips={"nvidia-h100": 60})
    compute.add_site("there", "USA", chips={"half": 40})
    compute.add_site("unknown", "USA", h100e_stated=20)
    frame = compute.database().read("compute_leverage", evidence=ALL).set_index("iso3")
    assert dict(frame["share_pct"]) == {"USA": 60, "KOR": 20}
    assert set(frame["known_pct"]) == {80}


# Consortia and money ------------------------------------------------------------------------------------------------


@pytest.fixture
def contest(folder):
    folder.add_organisations(lead="KOR", abroad="USA", home="KOR")
    folder.add("organisations", {"org_id": "stateless", "name": "No home known", "kind": "company", "sector": "x"})
    folder.add(
        "programmes",
        {
            "programme_id": "p",
            "iso3": "KOR",
            "name": "P",
            "is_umbrella": "no",
            "counts_in_total": "yes",
            "funding": "public",
            "status": "active",
            "budget_value": 2e12,
            "budget_currency": "KRW",
        },
    )
    folder.add("consortia", {"consortium_id": "c", "programme_id": "p", "iso3": "KOR", "name": "C", "lead_org_id": "lead"})
    folder.add(
        "consortium_status",
        {"consortium_id": "c", "status_date": "2025-07-20", "status": "applied"},
        {"consortium_id": "c", "status_date": "2025-08-04", "status": "selected"},
    )
    folder.add(
        "memberships",
        *(
            {"consortium_id": "c", "org_id": org, "role": role, "layer": "model"}
            for org, role in (("lead", "lead"), ("abroad", "member"), ("home", "member"), ("stateless", "member"))
        ),
    )
    folder.add("exchange_rates", {"currency": "KRW", "year": 2024, "per_usd": 1300}, {"currency": "KRW", "year": 2025, "per_usd": 1000})
    return folder


def test_members_of_unknown_home_are_neither_domestic_nor_abroad(contest):
    (row,) = contest.database().read("members_by_country", evidence=ALL).to_dict("records")
    assert (row["domestic"], row["abroad"], row["homes_unknown"], row["memberships"]) == (2, 1, 1, 4)


def test_the_newest_state_of_a_team(contest):
    (row,) = contest.database().read("consortium_now").to_dict("records")
    assert (row["lead"], row["status"], row["status_date"], row["was_chosen"]) == ("lead works", "selected", "2025-08-04", True)


def test_budgets_are_in_dollars_at_the_newest_rate_and_parts_are_not_added(contest):
    contest.add(
        "programmes",
        {
            "programme_id": "part",
            "iso3": "KOR",
            "name": "Part",
            "part_of_programme_id": "p",
            "is_umbrella": "no",
            "counts_in_total": "no",
            "funding": "public",
            "status": "active",
            "budget_value": 1e12,
            "budget_currency": "KRW",
        },
    )
    contest.add(
        "programmes",
        {
            "programme_id": "pledge",
            "iso3": "KOR",
            "name": "Pledge",
            "is_umbrella": "no",
            "counts_in_total": "yes",
            "funding": "private",
            "status": "planned",
            "budget_usd_m": 700,
            "budget_stage": "announced",
            "confidence": "planned",
        },
    )
    contest.add(
        "programmes",
        {
            "programme_id": "vague",
            "iso3": "KOR",
            "name": "Vague",
            "is_umbrella": "no",
            "counts_in_total": "yes",
            "funding": "public",
            "status": "active",
        },
    )
    frame = contest.database().read("money_by_country", evidence=ALL).set_index(["funding", "is_announced_only"])
    assert frame.loc[("public", False), "budget_usd_m"] == pytest.approx(2000)  # 2e12 won at 1,000 for a dollar
    assert frame.loc[("public", False), ["programmes", "programmes_with_budget"]].tolist() == [2, 1]
    assert frame.loc[("private", True), "budget_usd_m"] == 700


def test_an_unknown_budget_is_not_zero(folder):
    folder.add(
        "programmes",
        {
            "programme_id": "vague",
            "iso3": "KOR",
            "name": "Vague",
            "is_umbrella": "no",
            "counts_in_total": "yes",
            "funding": "public",
            "status": "active",
        },
    )
    assert folder.database().read("money_by_country", evidence=ALL)["budget_usd_m"].isna().all()


# The rows that dependence works on --------------------------------------------------------------------------------


def test_holdings_share_a_chip_among_its_suppliers_and_keep_the_unknown(compute):
    compute.add_organisations(tsmc="TWN", hynix="KOR")
    compute.add(
        "supply_links",
        *(
            {
                "link_id": f"l{n}",
                "supplier_org_id": org,
                "customer_org_id": "nvidia",
                "stage": stage,
                "product": "x",
                "chip_id": "nvidia-h100",
                "status": "in-force",
                "is_preferred": "yes",
            }
            for n, (org, stage) in enumerate((("tsmc", "foundry"), ("hynix", "memory"), ("amazon", "memory")))
        ),
    )
    compute.add_site("runs", "KOR", chips={"nvidia-h100": 80})
    compute.add_site("own", "KOR", chips={"half": 40})
    frame = compute.database().read("holdings", evidence=ALL)
    weights = {(row.layer, row.party_iso3 if isinstance(row.party_iso3, str) else "unknown"): row.weight for row in frame.itertuples()}
    assert weights["design", "USA"] == 80
    assert weights["design", "KOR"] == 20
    assert weights["fabrication", "TWN"] == 80
    assert weights["memory", "KOR"] == weights["memory", "USA"] == 40  # two suppliers without published shares: in equal parts
    unknown = {layer: weight for (layer, party), weight in weights.items() if party == "unknown"}
    assert unknown == {"fabrication": 20, "memory": 20, "packaging": 100, "operation": 100, "ownership": 100}


def test_holdings_follow_the_published_shares_of_the_suppliers(compute):
    compute.add_organisations(hynix="KOR", micron="USA")
    compute.add(
        "supply_links",
        *(
            {
                "link_id": f"l{n}",
                "supplier_org_id": org,
                "customer_org_id": "nvidia",
                "stage": "memory",
                "product": "HBM",
                "chip_id": "nvidia-h100",
                "status": "in-force",
                "is_preferred": "yes",
                "share_of_customer_pct": share,
            }
            for n, (org, share) in enumerate((("hynix", 60), ("micron", 20)))
        ),
    )
    compute.add_site("runs", "KOR", chips={"nvidia-h100": 80})
    frame = compute.database().read("holdings", evidence=ALL)
    assert dict(frame[frame["layer"] == "memory"][["party_iso3", "weight"]].to_numpy()) == {"KOR": 60, "USA": 20}


def test_a_team_of_one_is_no_consortium(contest):
    contest.add("consortia", {"consortium_id": "alone", "programme_id": "p", "iso3": "KOR", "name": "Alone"})
    contest.add("consortium_status", {"consortium_id": "alone", "status_date": "2025", "status": "active"})
    contest.add("memberships", {"consortium_id": "alone", "org_id": "home", "role": "lead", "layer": "model"})
    frame = contest.database().read("holdings", evidence=ALL)
    assert frame[frame["layer"] == "consortium"]["weight"].sum() == 4  # the members of the other one


def test_models_of_unknown_origin_stay_unknown(folder):
    folder.add_organisations(maker="KOR")
    folder.add(
        "models",
        *(
            {"model_id": f"m{n}", "name": f"M{n}", "org_id": "maker", "iso3": "KOR", "role": "national"} | more
            for n, more in enumerate(
                (
                    {"from_scratch": "yes"},
                    {"from_scratch": "no", "base_model": "Llama", "base_iso3": "USA"},
                    {},
                    {"from_scratch": "disputed", "base_model": "Qwen", "base_iso3": "USA"},
                )
            )
        ),
    )
    frame = folder.database().read("holdings", evidence=ALL)
    assert dict(frame.assign(party_iso3=frame["party_iso3"].fillna("unknown"))[["party_iso3", "weight"]].to_numpy()) == {
        "KOR": 1,
        "USA": 1,
        "unknown": 2,
    }


def test_sizes_of_one_model_count_once(folder):
    folder.add_organisations(maker="KOR")
    rows = [
        ("a", {"from_scratch": "yes"}),
        ("a", {}),
        ("a", {"from_scratch": "no", "base_model": "Qwen", "base_iso3": "USA"}),
        ("b", {}),
        ("b", {}),
    ]
    folder.add(
        "models",
        *(
            {"model_id": f"m{n}", "name": f"M{n}", "org_id": "maker", "family": family, "iso3": "KOR", "role": "national"} | more
            for n, (family, more) in enumerate(rows)
        ),
    )
    frame = folder.database().read("holdings", evidence=ALL)
    assert dict(frame.assign(party_iso3=frame["party_iso3"].fillna("unknown"))[["party_iso3", "weight"]].to_numpy()) == {
        "KOR": 0.5,
        "USA": 0.5,
        "unknown": 1,
    }


# The state of the data ------------------------------------------------------------------------------------------------


def test_every_table_with_a_source_is_counted(database):
    """source_use is written by hand, since SQL cannot loop over tables: it must follow schema.sql."""
    used = set(database.read("source_use", columns="DISTINCT table_name")["table_name"])
    assert used == {name for name, table in TABLES.items() if "source_id" in table.references}


def test_the_dictionary_knows_every_column(database):
    frame = database.read("dictionary")
    assert set(zip(frame["table_name"], frame["column_name"], strict=True)) == {
        (table.name, column) for table in TABLES.values() for column in table.column_names if table.name not in WORDS
    }
    for name, rows in frame.groupby("table_name")["table_rows"].first().items():
        assert rows == len(database.read(name)), name


def test_every_view_has_a_comment_and_rows_and_ends_in_sources(database):
    from atlas.store.build import VIEWS_DIR

    without_sources = {
        "country_scale",
        "data_date",
        "reference_years",
        "usd_rates",
        "search_names",
        "source_use",
        "data_state",
        "dictionary",
        "version_list",
        "askable",
    }
    for path in VIEWS_DIR.glob("*.sql"):
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines):
            words = line.split()
            if words[:2] == ["CREATE", "VIEW"] or (words[:2] == ["CREATE", "MACRO"] and "TABLE" in words):
                assert lines[number - 1].startswith("--"), line
                name = words[2].split("(")[0]
                arguments = {"evidence": ALL} if "(evidence" in line else {"wanted": "hynix"} if "(wanted)" in line else {}
                arguments |= {"older": 1, "newer": 2} if "(older, newer)" in line else {}
                frame = database.read(name, **arguments)
                # A first build has no changes (tests/store/test_history.py), the curated data alone no layers (tests/store/test_layers.py).
                assert len(frame) or name in ("changes", "change_log") or path.stem == "93_upstream", name
                if name not in without_sources:
                    assert frame.columns[-1] == "source_ids", name
                    assert frame["source_ids"].map(len).ge(1).all(), name


def test_chips_that_the_state_only_promised_are_not_said_to_be_given(folder):
    folder.add_organisations(ministry="KOR", lead="KOR", other="KOR")
    folder.add(
        "programmes",
        {
            "programme_id": "p",
            "name": "P",
            "iso3": "KOR",
            "funding": "public",
            "status": "active",
            "is_umbrella": "no",
            "counts_in_total": "yes",
        },
    )
    for team, org in (("given", "lead"), ("promised", "other")):
        folder.add("consortia", {"consortium_id": team, "programme_id": "p", "iso3": "KOR", "name": team, "lead_org_id": org})
        folder.add("consortium_status", {"consortium_id": team, "status": "selected", "status_date": "2025-08-04"})
        folder.add("memberships", {"consortium_id": team, "org_id": org, "role": "lead", "layer": "model"})
    grant = {
        "programme_id": "p",
        "scope": "consortium",
        "counts_in_total": "yes",
        "resource": "gpu",
        "chip_id": "nvidia-h100",
        "quantity": 10,
        "unit": "gpu",
    }
    folder.add(
        "support",
        grant | {"support_id": "a", "consortium_id": "given", "stage": "committed", "from_date": "2026-07", "to_date": "2026-12"},
        grant | {"support_id": "b", "consortium_id": "given", "stage": "delivered", "from_date": "2025-08", "to_date": "2025-12"},
        grant | {"support_id": "c", "consortium_id": "promised", "stage": "committed", "from_date": "2026-07", "to_date": "2026-12"},
    )
    frame = folder.database().read("compute_users", where={"from_id": ["nvidia-h100"]})
    assert dict(frame[["to_id", "relation"]].to_numpy()) == {"given": "support", "promised": "promised"}
