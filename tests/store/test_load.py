"""Checking: every kind of bad row or file is refused by name, all at once, and the real rows hold."""

import csv
import re

import pytest

from atlas import store
from tests.conftest import TABLES


def rewrite(path, change):
    """Change the rows of a CSV file (header first) by a function on lists."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(change(rows))


def problems_of(data_dir):
    with pytest.raises(store.DataError) as caught:
        store.load_tables(data_dir)
    return caught.value.problems


def spoil(data_dir, table, column, value, line=2):
    """Put a value into one cell; the line is that of the file."""
    place = TABLES[table].column_names.index(column)

    def change(rows):
        rows[line - 1][place] = value
        return rows

    rewrite(data_dir / f"{table}.csv", change)


def test_every_row_of_the_curated_data_holds():
    connection, tables = store.load_tables(store.DATA_DIR)
    assert len(tables) == len(TABLES)
    assert connection.execute("SELECT count(*) FROM csv.market_shares").fetchone()[0] >= 500


def test_every_column_has_a_meaning():
    assert [f"{table.name}.{column.name}" for table in TABLES.values() for column in table.columns if len(column.meaning) < 2] == []


def test_every_fact_table_names_source_and_evidence():
    reference = {*store.WORDS, "sources", "countries", "indicators", "segments"}  # what facts are about: no measured facts themselves
    for table in TABLES.values():
        assert table.name in (*store.WORDS, "sources") or "source_id" in table.references, table.name
        assert table.name in reference or table.column("confidence").required


@pytest.mark.parametrize(
    ("table", "column", "value", "rule"),
    [
        ("market_shares", "share_pct", "157", "a share in per cent, from 0 to 100"),
        ("market_shares", "share_pct", "57,5", "a number with a point"),
        ("market_shares", "period", "2025-Q5", "a year, quarter or month"),
        ("events", "date", "2025-02-30", "a date as exact as it is known"),
        ("events", "date", "04.08.2025", "a date as exact as it is known"),
        ("sites", "iso3", "KOREA", "names no row of countries.csv"),
        ("sites", "status", "running", "it must hold"),
        ("sites", "site_id", "", "must not be empty"),
        ("sites", "site_id", "Titan 1", "an id"),
        ("site_chips", "chip_count", "0", "it must hold"),
        ("site_chips", "chip_count", "many", "a whole number"),
        ("site_chips", "chip_id", "nvidia-h1000", "did you mean 'nvidia-h100'"),
        ("chips", "is_family", "perhaps", "yes or no"),
        ("chips", "memory_gb", "-80", "above zero"),
        ("chips", "source_id", "nowhere", "names no row of sources.csv"),
        ("memberships", "confidence", "certain", "one of official"),
        ("sources", "url", "ftp://example.org", "a web address"),
        ("organisations", "name", " SK Telecom", "no spaces at either end"),
    ],
)
def test_a_bad_cell_is_refused_with_file_line_column_and_rule(real_data, table, column, value, rule):
    spoil(real_data, table, column, value)
    found = [problem for problem in problems_of(real_data) if (problem.file, problem.line, problem.column) == (f"{table}.csv", 2, column)]
    assert any(rule in problem.rule for problem in found), problems_of(real_data)
    assert f"data/{table}.csv line 2, column {column}" in str(found[0])


def test_a_repeated_key_is_refused_and_names_the_first_line(real_data):
    rewrite(real_data / "chips.csv", lambda rows: [*rows, rows[4]])
    found = problems_of(real_data)
    assert any(problem.file == "chips.csv" and "repeats the key of line 5" in problem.rule for problem in found)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda rows: [row[:-2] + row[-1:] for row in rows], "column source_id is missing"),
        (lambda rows: [[*row, "x"] for row in rows], "column 'x' is not declared"),
        (lambda rows: [[row[1], row[0], *row[2:]] for row in rows], "in the order of schema.sql"),
        (lambda rows: [rows[0], rows[1][:-1], *rows[2:]], "cells instead of"),
        (lambda rows: [rows[0], [*rows[1][:-1], "two\nlines"], *rows[2:]], "line break"),
    ],
)
def test_a_wrong_shape_is_refused(real_data, change, rule):
    rewrite(real_data / "fabs.csv", change)
    found = problems_of(real_data)
    assert {problem.file for problem in found} == {"fabs.csv"}
    assert any(rule in problem.rule for problem in found), found


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "the file is empty"),
        ("fab_id,é\n".encode("latin-1"), "not UTF-8"),
        (b"\xef\xbb\xbffab_id\n", "byte order mark"),
        (b"fab_id\r\n", "CRLF"),
        (b"fab_id\n\x00\n", "NUL"),
    ],
)
def test_a_file_that_is_no_plain_csv_is_refused(real_data, content, rule):
    (real_data / "fabs.csv").write_bytes(content)
    (problem,) = problems_of(real_data)
    assert problem.file == "fabs.csv"
    assert rule in problem.rule


def test_a_missing_file_and_an_undeclared_one_are_named(real_data):
    (real_data / "fabs.csv").rename(real_data / "factories.csv")
    rules = {problem.file: problem.rule for problem in problems_of(real_data)}
    assert "missing" in rules["fabs.csv"]
    assert "no table of this name" in rules["factories.csv"]


def test_all_wrong_rows_of_all_files_are_reported_at_once(real_data):
    spoil(real_data, "market_shares", "share_pct", "101", line=3)
    spoil(real_data, "market_shares", "share_pct", "102", line=9)
    spoil(real_data, "events", "date", "soon", line=5)
    spoil(real_data, "chips", "vendor_org_id", "nobody", line=7)
    (real_data / "trade.csv").write_bytes(b"")
    found = {(problem.file, problem.line) for problem in problems_of(real_data)}
    assert {("market_shares.csv", 3), ("market_shares.csv", 9), ("events.csv", 5), ("chips.csv", 7), ("trade.csv", None)} <= found


def test_the_line_is_right_behind_a_quoted_cell(folder):
    folder.add_organisations(a="KOR", b="KOR")
    folder.add(
        "events",
        *(
            {"event_id": f"e{n}", "date": date, "iso3": "KOR", "kind": "policy", "title": 'He said "yes", twice'}
            for n, date in enumerate(("2025", "never", "2026"))
        ),
    )
    (problem,) = folder.problems()
    assert (problem.line, problem.value) == (3, "never")


# One wrong folder for each check of checks.sql: the name of the check, and a function that breaks it.
def two_names(folder):
    folder.add_organisations(hynix="KOR")
    folder.add(
        "organisations", {"org_id": "sk-hynix-inc", "name": "HYNIX Works, Inc.", "iso3": "KOR", "kind": "company", "sector": "memory"}
    )


def other_names_in_the_translation(folder):
    folder.add("texts", {"key": "sites", "en": "{n} sites", "fr": "{m} sites"})


def lone_brace(folder):
    folder.add("texts", {"key": "sites", "en": "{n} sites {", "ko": "{n}"})


def translation_of_nothing(folder):
    folder.add("translations", {"table_name": "events", "row_id": "gone", "language": "fr", "text": "Rien"})


def two_indicators_of_one_name(folder):
    folder.add("indicators", *({"indicator_id": name, "name": name, "unit": "MW", "description": name} for name in ("a", "b")))
    folder.add(
        "translations", *({"table_name": "indicators", "row_id": name, "language": "fr", "text": "Puissance"} for name in ("a", "b"))
    )


def no_unit(folder):
    folder._write("chips", [])


def own_parent(folder):
    folder.add("organisations", {"org_id": "a", "name": "A", "iso3": "KOR", "kind": "company", "sector": "x", "parent_org_id": "nobody"})


def parent_circle(folder):
    folder.add(
        "organisations",
        *(
            {"org_id": org, "name": org, "iso3": "KOR", "kind": "company", "sector": "x", "parent_org_id": parent}
            for org, parent in (("aa", "bb"), ("bb", "aa"))
        ),
    )


def union_of_no_union(folder):
    folder.add("countries", {"iso3": "ESP", "iso2": "ES", "name": "Spain", "kind": "country", "union_iso3": "FRA"})


def add_programme(folder, programme_id="p", **columns):
    folder.add(
        "programmes",
        {
            "programme_id": programme_id,
            "iso3": "KOR",
            "name": programme_id,
            "is_umbrella": "no",
            "counts_in_total": "no",
            "funding": "public",
            "status": "active",
        }
        | columns,
    )


def add_consortium(folder, consortium_id="c", programme_id="p", status=(("2025-01-01", "selected"),), **columns):
    folder.add("consortia", {"consortium_id": consortium_id, "programme_id": programme_id, "iso3": "KOR", "name": consortium_id} | columns)
    folder.add("consortium_status", *({"consortium_id": consortium_id, "status_date": day, "status": state} for day, state in status))


def part_of_nothing(folder):
    add_programme(folder, part_of_programme_id="q")


def part_counted_beside_the_whole(folder):
    add_programme(folder, "whole", counts_in_total="yes")
    add_programme(folder, "middle", part_of_programme_id="whole")
    add_programme(folder, "part", part_of_programme_id="middle", counts_in_total="yes")


def lead_is_no_member(folder):
    folder.add_organisations(a="KOR", b="KOR")
    add_programme(folder)
    add_consortium(folder, lead_org_id="a")
    folder.add("memberships", {"consortium_id": "c", "org_id": "b", "role": "member", "layer": "data"})


def no_status(folder):
    add_programme(folder)
    add_consortium(folder, status=())


def membership_ends_before_it_starts(folder):
    folder.add_organisations(a="KOR")
    add_programme(folder)
    add_consortium(folder)
    folder.add("memberships", {"consortium_id": "c", "org_id": "a", "role": "member", "layer": "data", "since": "2026", "until": "2025"})


def member_of_an_eliminated_team(folder):
    folder.add_organisations(a="KOR")
    add_programme(folder)
    add_consortium(folder, status=(("2025-01-01", "selected"), ("2026-01-01", "eliminated")))
    folder.add("memberships", {"consortium_id": "c", "org_id": "a", "role": "member", "layer": "data"})


def add_points(folder, evaluation_id, consortium_id="c", points=30, programme_id="p", is_best="no"):
    folder.add(
        "evaluations",
        {
            "evaluation_id": evaluation_id,
            "programme_id": programme_id,
            "round": 1,
            "evaluated": "2026-01-01",
            "part": "expert",
            "item": "all",
            "max_points": 40,
            "statistic": "team",
            "consortium_id": consortium_id,
            "points": points,
            "is_best": is_best,
        },
    )


def points_twice(folder):
    add_programme(folder)
    add_consortium(folder)
    add_points(folder, "one")
    add_points(folder, "two")


def points_of_another_programme(folder):
    add_programme(folder)
    add_programme(folder, "q")
    add_consortium(folder)
    add_points(folder, "one", programme_id="q")


def best_but_beaten(folder):
    add_programme(folder)
    add_consortium(folder)
    add_consortium(folder, "d")
    add_points(folder, "one", is_best="yes")
    add_points(folder, "two", consortium_id="d", points=31)


def support_ends_before_it_starts(folder):
    add_programme(folder)
    folder.add(
        "support",
        {
            "support_id": "g",
            "programme_id": "p",
            "scope": "programme",
            "counts_in_total": "no",
            "resource": "data",
            "stage": "announced",
            "from_date": "2026",
            "to_date": "2025",
        },
    )


def support_of_another_programme(folder):
    add_programme(folder)
    add_programme(folder, "q")
    add_consortium(folder)
    folder.add(
        "support",
        {
            "support_id": "g",
            "programme_id": "q",
            "consortium_id": "c",
            "scope": "consortium",
            "counts_in_total": "no",
            "resource": "data",
            "stage": "announced",
        },
    )


def phase_of_nothing(folder):
    folder.add_site("a", "KOR", part_of_site_id="b")


def plan_counted(folder):
    folder.add_site("a", "KOR", kind="programme-plan", status="planned")


def phase_counted_beside_the_whole(folder):
    folder.add_site("whole", "KOR")
    folder.add_site("hall", "KOR", part_of_site_id="whole", counts_in_total="no")
    folder.add_site("row", "KOR", part_of_site_id="hall")


def earlier_state_counted(folder):
    folder.add_site("old", "KOR")
    folder.add_site("new", "KOR", supersedes_site_id="old")


def half_a_place(folder):
    folder.add_site("a", "KOR", latitude=37.5)


def no_chip_and_no_number(folder):
    folder.add_organisations(v="KOR")
    folder.add_chips(unstated=("v", ""))
    folder.add_site("a", "KOR", chips={"unstated": ""})


def add_indicator(folder):
    folder.add("indicators", {"indicator_id": "i", "name": "I", "unit": "%", "description": "x"})


def plan_as_measurement(folder):
    add_indicator(folder)
    folder.add(
        "country_series", {"iso3": "KOR", "indicator_id": "i", "as_of": "2027", "value": 1, "basis": "measured", "confidence": "planned"}
    )


def add_share(folder, org, share, period="2025-Q1", **columns):
    folder.add(
        "market_shares",
        {
            "segment_id": "hbm",
            "period": period,
            "metric": "revenue",
            "tracker": "T",
            "org_id": org,
            "share_pct": share,
            "is_forecast": "no",
            "is_preferred": "yes",
        }
        | columns,
    )


def add_segment(folder):
    folder.add(
        "segments",
        {
            "segment_id": "hbm",
            "stage": "memory",
            "position": 1,
            "market_iso3": "WLD",
            "is_competitors_market": "yes",
            "is_whole_market": "yes",
            "description": "x",
        },
    )
    folder.add_organisations(a="KOR", b="USA", c="TWN")


def forecast_preferred(folder):
    add_segment(folder)
    add_share(folder, "a", 50, is_forecast="yes")


def two_trackers(folder):
    add_segment(folder)
    add_share(folder, "a", 50)
    add_share(folder, "b", 20, tracker="U")


def more_than_the_whole(folder):
    add_segment(folder)
    add_share(folder, "a", 60)
    add_share(folder, "b", 60)


def add_link(folder, link_id="l", **columns):
    folder.add(
        "supply_links",
        {
            "link_id": link_id,
            "supplier_org_id": "a",
            "customer_org_id": "b",
            "stage": "memory",
            "product": "HBM",
            "status": "in-force",
            "is_preferred": "yes",
        }
        | columns,
    )


def memory_for_a_stranger(folder):
    folder.add_organisations(a="KOR", b="USA", v="USA")
    folder.add_chips(x=("v", 100))
    add_link(folder, chip_id="x")


def chip_sold_by_a_stranger(folder):
    folder.add_organisations(a="KOR", b="USA", v="USA")
    folder.add_chips(x=("v", 100))
    add_link(folder, chip_id="x", stage="accelerator")


def link_ends_before_it_starts(folder):
    folder.add_organisations(a="KOR", b="USA")
    add_link(folder, since="2026", until="2025", status="ended")


def more_than_all_that_is_bought(folder):
    folder.add_organisations(a="KOR", b="USA", c="KOR")
    add_link(folder, share_of_customer_pct=70)
    add_link(folder, "m", supplier_org_id="c", share_of_customer_pct=40)


def two_capacities(folder):
    folder.add_organisations(a="KOR")
    folder.add(
        "fabs",
        *(
            {
                "fab_id": fab,
                "org_id": "a",
                "name": "F",
                "is_company_total": "yes",
                "iso3": "KOR",
                "product": "hbm",
                "as_of": "2026",
                "wafers_per_month_k": 5,
                "status": "planned",
                "is_preferred": "yes",
            }
            for fab in ("f1", "f2")
        ),
    )


def no_preferred_trade(folder):
    folder.add(
        "trade",
        {
            "reporter_iso3": "KOR",
            "partner_iso3": "WLD",
            "product": "chips",
            "flow": "export",
            "period": "2025-01",
            "value_usd_m": 5,
            "is_preferred": "no",
        },
    )


def base_without_a_name(folder):
    folder.add_organisations(a="KOR")
    folder.add(
        "models", {"model_id": "m", "name": "M", "org_id": "a", "iso3": "KOR", "role": "national", "from_scratch": "no", "base_iso3": "USA"}
    )


def read_before_published(folder):
    folder.add(
        "sources",
        {
            "source_id": "t",
            "publisher": "P",
            "title": "T",
            "url": "https://example.org/t",
            "published": "2026-06-01",
            "retrieved": "2026-02",
            "kind": "press",
            "is_weak": "no",
        },
    )


BROKEN = {
    "check_texts__placeholders": other_names_in_the_translation,
    "check_texts__braces": lone_brace,
    "check_translations__row": translation_of_nothing,
    "check_translations__one_name": two_indicators_of_one_name,
    "check_chips__unit": no_unit,
    "check_organisations__one_id": two_names,
    "check_organisations__parent": own_parent,
    "check_organisations__parent_circle": parent_circle,
    "check_countries__union": union_of_no_union,
    "check_programmes__part_of": part_of_nothing,
    "check_programmes__counted_once": part_counted_beside_the_whole,
    "check_consortia__lead": lead_is_no_member,
    "check_consortia__status": no_status,
    "check_memberships__dates": membership_ends_before_it_starts,
    "check_memberships__after_the_end": member_of_an_eliminated_team,
    "check_evaluations__twice": points_twice,
    "check_evaluations__team": points_of_another_programme,
    "check_evaluations__best": best_but_beaten,
    "check_support__dates": support_ends_before_it_starts,
    "check_support__programme": support_of_another_programme,
    "check_sites__links": phase_of_nothing,
    "check_sites__plans_do_not_count": plan_counted,
    "check_sites__phase_counted_once": phase_counted_beside_the_whole,
    "check_sites__superseded_counted": earlier_state_counted,
    "check_sites__coordinates": half_a_place,
    "check_site_chips__placeholder": no_chip_and_no_number,
    "check_country_series__forecast": plan_as_measurement,
    "check_market_shares__forecast": forecast_preferred,
    "check_market_shares__one_series": two_trackers,
    "check_market_shares__sum": more_than_the_whole,
    "check_supply_links__chip_customer": memory_for_a_stranger,
    "check_supply_links__chip_vendor": chip_sold_by_a_stranger,
    "check_supply_links__dates": link_ends_before_it_starts,
    "check_supply_links__shares": more_than_all_that_is_bought,
    "check_fabs__one_series": two_capacities,
    "check_trade__one_series": no_preferred_trade,
    "check_models__base": base_without_a_name,
    "check_sources__read_after_publication": read_before_published,
}


def declared_checks():
    text = (store.DATA_DIR / "checks.sql").read_text(encoding="utf-8")
    return dict(re.findall(r"COMMENT ON VIEW (check_\w+) IS '((?:[^']|'')+)'", text))


def test_every_check_has_a_case_here():
    assert set(BROKEN) == set(declared_checks())


def test_a_small_folder_of_good_rows_holds(folder):
    assert folder.problems() == []


@pytest.mark.parametrize("check", BROKEN)
def test_a_broken_rule_is_reported_with_its_remedy_and_nothing_else(folder, check):
    BROKEN[check](folder)
    found = folder.problems()
    assert {problem.rule for problem in found} == {declared_checks()[check].replace("''", "'")}
    assert {problem.file for problem in found} == {re.fullmatch(r"check_(\w+?)__\w+", check)[1] + ".csv"}
    assert all(problem.line and problem.column for problem in found)
