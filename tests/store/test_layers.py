"""Layers: upstream rows stand beside the curated ones, never in their place, and nothing counts twice."""

import pytest

from atlas import store
from atlas.store import database as reading
from atlas.upstream.layer import Doubtful, Fact, Layer, Unmapped
from tests.conftest import DataFolder
from tests.layers import add_layer, site


def power_of(database: store.Database) -> float:
    """H100 equivalents of the running sites of South Korea."""
    rows = database.read(
        "compute_by_country", evidence=["official", "reported", "estimated"], where={"iso3": ["KOR"], "status": ["operational"]}
    )
    return rows["h100e"].sum()


def ids(database: store.Database, table: str, column: str) -> list[str]:
    return list(database.read(table, columns=column)[column])


def test_the_tables_of_layers_are_there_and_empty_without_one(folder):
    database = folder.database()
    for table in ("layers", "upstream_facts", "upstream_unmapped", "upstream_doubtful"):
        assert database.read(table).empty, table


def test_rows_of_a_layer_stand_beside_the_curated_ones_and_name_its_source(folder):
    folder.add_site("ours", "KOR", h100e_stated="50")
    add_layer(folder.path, Layer(rows={"sites": [site("Theirs")]}, read=7))
    database = folder.database()
    assert database.read("sites", columns="site_id, source_id").to_numpy().tolist() == [["ours", "s"], ["up-theirs", "upstream-up"]]
    assert power_of(database) == 150


def test_a_layer_says_what_it_holds(folder):
    layer = Layer(
        rows={"sites": [site("Theirs")]},
        facts=[Fact("chips", "nvidia-h100", "tdp_w", "700", "H100")],
        unmapped=[Unmapped("chip", "X1", "row 4", 2), Unmapped("chip", "X1", "row 9")],
        doubtful=[Doubtful("sites", "Thiers", "up-theirs", "the name is nearly the same")],
        read=7,
    )
    add_layer(folder.path, layer, licence="CC BY-NC 4.0", is_redistributable=False, note="Covers little.")
    database = folder.database()
    (row,) = database.read("layers").to_dict("records")
    assert row == {
        "layer": "up", "source_id": "upstream-up", "publisher": "Upstream", "title": "up data", "page": "https://example.org/s", "licence": "CC BY-NC 4.0",
        "is_noncommercial": True, "is_redistributable": False, "retrieved": "2026-10-01", "note": "Covers little.",
        "rows_read": 7, "rows_added": 1, "facts": 1, "unmapped": 1, "doubtful": 1,
    }  # fmt: skip
    assert database.read("upstream_unmapped", columns="kind, name, rows, example").to_numpy().tolist() == [["chip", "X1", 3, "row 4"]]
    assert ids(database, "upstream_doubtful", "thing_id") == ["up-theirs"]


def test_a_doubtful_thing_is_in_no_total(folder):
    folder.add_site("ours", "KOR", h100e_stated="50")
    add_layer(folder.path, Layer(doubtful=[Doubtful("sites", "Ours?", "ours", "the same town")]))
    assert power_of(folder.database()) == 50


def test_a_fact_stands_beside_what_our_row_says(folder):
    folder.add("indicators", {"indicator_id": "gdp", "name": "GDP", "unit": "USD", "description": "d"})
    folder.add("observations", {"iso3": "KOR", "indicator_id": "gdp", "year": "2024", "value": "5"})
    facts = [
        Fact("chips", "nvidia-h100", "fp16_dense_tflops", "989", "H100", "https://example.org/h100"),
        Fact("chips", "nvidia-h100", "tdp_w", "700", "H100"),
        Fact("chips", "nvidia-h100", "downloads", "3", "H100"),
        Fact("observations", "KOR/gdp/2024", "value", "6", "Korea, Rep."),
    ]
    add_layer(folder.path, Layer(facts=facts))
    rows = folder.database().read("upstream_facts", columns="field, value, curated_value, source_id").astype(object)
    assert sorted(rows.where(rows.notna(), None).to_numpy().tolist()) == [
        ["downloads", "3", None, "upstream-up"],
        ["fp16_dense_tflops", "989", "100.0", "upstream-up"],
        ["tdp_w", "700", None, "upstream-up"],
        ["value", "6", "5", "upstream-up"],
    ]


def test_a_fact_about_a_row_that_has_gone_is_left_out(folder):
    add_layer(folder.path, Layer(facts=[Fact("sites", "gone", "power_mw", "3", "Gone")]))
    assert folder.database().read("upstream_facts").empty


@pytest.mark.parametrize("name", ["Theirs", "THEIRS, Inc."])
def test_a_row_whose_name_is_curated_is_left_out_with_all_that_belongs_to_it(folder, name):
    folder.add_site("ours", "KOR", chips={"nvidia-h100": 30}, name=name)
    folder.add_chips(other=("nvidia", 100))
    chips = [{"site_id": "up-theirs", "chip_id": "other", "chip_count": "9", "confidence": "estimated", "source_id": "upstream-up"}]
    add_layer(folder.path, Layer(rows={"sites": [site("Theirs")], "site_chips": chips}))
    database = folder.database()
    assert ids(database, "sites", "site_id") == ["ours"]
    assert ids(database, "site_chips", "chip_id") == ["nvidia-h100"]
    assert power_of(database) == 30


def test_a_row_whose_key_is_curated_is_left_out_with_all_that_belongs_to_it(folder):
    folder.add_site("up-theirs", "KOR", chips={"nvidia-h100": 30})
    parties = [{"site_id": "up-theirs", "org_id": "nvidia", "role": "owner", "confidence": "estimated", "source_id": "upstream-up"}]
    add_layer(folder.path, Layer(rows={"sites": [site("Theirs")], "site_parties": parties}))
    database = folder.database()
    assert ids(database, "sites", "source_id") == ["s"]
    assert database.read("site_parties").empty
    assert power_of(database) == 30


def organisation(org_id: str, name: str, source: str = "up") -> dict[str, str]:
    return {
        "org_id": org_id,
        "name": name,
        "kind": "company",
        "sector": "cloud",
        "confidence": "estimated",
        "source_id": f"upstream-{source}",
    }


def test_what_names_a_row_that_was_left_out_names_ours_instead(folder):
    folder.add(
        "organisations", {"org_id": "ours", "name": "Cloud Works", "kind": "company", "sector": "cloud", "aliases": "CW;Cloudworks Ltd"}
    )
    parties = [{"site_id": "up-theirs", "org_id": "up-cloud", "role": "owner", "confidence": "estimated", "source_id": "upstream-up"}]
    child = organisation("up-child", "Child") | {"parent_org_id": "up-cloud"}
    add_layer(
        folder.path,
        Layer(rows={"organisations": [organisation("up-cloud", "CloudWorks"), child], "sites": [site("Theirs")], "site_parties": parties}),
    )
    database = folder.database()
    assert ids(database, "organisations", "org_id") == ["nvidia", "ours", "up-child"]
    assert ids(database, "site_parties", "org_id") == ["ours"]
    assert database.read("organisations", where={"org_id": ["up-child"]})["parent_org_id"].item() == "ours"


def test_of_two_layers_with_one_site_the_first_by_name_counts(folder):
    add_layer(folder.path, Layer(rows={"sites": [site("Same", "bb", h100e_stated="7")]}), "bb")
    add_layer(folder.path, Layer(rows={"sites": [site("Same", "aa", h100e_stated="5")]}), "aa")
    database = folder.database()
    assert ids(database, "sites", "site_id") == ["aa-same"]
    assert power_of(database) == 5
    assert dict(database.read("layers", columns="layer, rows_added").to_numpy()) == {"aa": 1, "bb": 0}


def problems_of(folder: DataFolder) -> list[tuple]:
    return [(problem.file, problem.line, problem.column, problem.value) for problem in folder.problems()]


def test_a_wrong_row_of_a_layer_names_its_file_and_line(folder):
    folder.add_site("ours", "KOR")
    add_layer(folder.path, Layer(rows={"sites": [site("A", "aa"), site("B", "aa")]}), "aa")
    add_layer(folder.path, Layer(rows={"sites": [site("C"), site("D", power_mw="-3"), site("E", iso3="XXX")]}))
    assert problems_of(folder) == [("upstream/up/sites.csv", 3, "power_mw", "-3"), ("upstream/up/sites.csv", 4, "iso3", "XXX")]
    assert "python -m atlas refresh up" in folder.problems()[0].rule
    assert str(folder.problems()[0]).startswith("data/upstream/up/sites.csv line 3, column power_mw: '-3'")


def test_a_wrong_curated_row_names_its_line_with_a_layer_beside_it(folder):
    folder.add_site("ours", "KOR", power_mw="-3")
    add_layer(folder.path, Layer(rows={"sites": [site("A")]}))
    assert problems_of(folder) == [("sites.csv", 2, "power_mw", "-3")]


def test_a_key_that_stands_twice_in_a_layer_is_refused_by_line(folder):
    folder.add_site("ours", "KOR")
    add_layer(folder.path, Layer(rows={"sites": [site("A", site_id="up-x"), site("B", site_id="up-x")]}))
    (problem,) = folder.problems()
    assert (problem.file, problem.line) == ("upstream/up/sites.csv", 3)
    assert "the key of line 2:" in problem.rule


def test_a_rule_across_rows_names_the_line_of_the_layer(folder):
    folder.add_site("ours", "KOR", counts_in_total="yes")
    add_layer(folder.path, Layer(rows={"sites": [site("A"), site("Hall", part_of_site_id="ours")]}))
    assert problems_of(folder) == [("upstream/up/sites.csv", 3, "counts_in_total", "up-hall")]


def test_a_row_of_a_layer_that_does_not_name_its_source_is_refused(folder):
    add_layer(folder.path, Layer(rows={"sites": [site("A", source_id="s"), site("B", source_id="upstream-up-part")], "sources": []}))
    assert ("upstream/up/sites.csv", 2, "source_id", "s") in problems_of(folder)


def test_the_names_of_layer_sources_are_kept_for_layers(folder):
    folder.add("sources", {"source_id": "upstream-x", "publisher": "P", "title": "T", "url": "https://example.org/x", "retrieved": "2026", "kind": "press", "is_weak": "no"})  # fmt: skip
    assert problems_of(folder) == [("sources.csv", 3, "source_id", "upstream-x")]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("texts.csv", "key,en,fr,ko\n", "holds no rows of this table"),
        ("trees.csv", "tree\n", "neither a table nor a file"),
        ("facts.csv", "a,b\n1\n", "cannot be read"),
        ("layer.json", "{", "cannot be read"),
        ("layer.json", "{}", "cannot be read"),
        ("layer.json", None, "cannot be read"),
        ("facts.csv", None, "cannot be read"),
        ("sites.csv", "site_id\n", "column name is missing"),
        ("sites.csv", "", "the file is empty"),
    ],
)
def test_a_spoilt_layer_is_refused_and_named(folder, name, content, said):
    add_layer(folder.path, Layer(rows={"sites": [site("A")]}))
    path = folder.path / "upstream" / "up" / name
    path.unlink() if content is None else path.write_text(content, encoding="utf-8")
    problems = folder.problems()
    assert {problem.file.split("/")[1] for problem in problems} == {"up"}
    assert any(said in problem.rule for problem in problems), problems


def test_the_version_of_the_data_follows_its_layers(folder):
    versions = [store.data_version(folder.path)]
    for name in ("aa", "bb"):
        add_layer(folder.path, Layer(), name)
        versions.append(store.data_version(folder.path))
    assert len(set(versions)) == 3


def test_a_running_dashboard_sees_a_new_layer(folder, monkeypatch):
    monkeypatch.setattr(reading, "DATA_DIR", folder.path)
    monkeypatch.setenv("ATLAS_BUILD_DIR", str(folder.build_dir))
    current = reading._Current()
    assert current.get()[0].read("sites").empty
    add_layer(folder.path, Layer(rows={"sites": [site("A")]}))
    assert ids(current.get()[0], "sites", "site_id") == ["up-a"]


def test_a_layer_that_a_killed_refresh_had_set_aside_still_serves(folder):
    add_layer(folder.path, Layer(rows={"sites": [site("A")]}))
    upstream = folder.path / "upstream"
    (upstream / "up").rename(upstream / ".up")
    (upstream / ".incoming-x").mkdir()
    assert ids(folder.database(), "sites", "site_id") == ["up-a"]


def decide(folder, *lines: str) -> None:
    (folder.path / "upstream").mkdir()
    (folder.path / "upstream" / "names.csv").write_text("\n".join(("kind,name,id", *lines, "")), encoding="utf-8")


def test_decisions_name_rows_of_ours_or_none(folder):
    decide(folder, "chip,H100 SXM,nvidia-h100", "country,Kosovo,", 'organisation,"Nvidia, Inc.",nvidia')
    assert folder.problems() == []


@pytest.mark.parametrize(
    ("line", "column", "said"),
    [
        ("chip,H200,nvidia-h200", "id", "names no row of chips.csv"),
        ("tree,Oak,", "kind", "it must be one of chip"),
        ("chip,,nvidia-h100", "name", "the name that the source uses"),
        ("chip,h100 sxm,", "name", "line 2 decides about this name already"),
        ("chip,H200", "", "2 cells instead of 3"),
    ],
)
def test_a_wrong_decision_is_refused_by_line(folder, line, column, said):
    decide(folder, "chip,H100 SXM,nvidia-h100", line)
    (problem,) = folder.problems()
    assert (problem.file, problem.line, problem.column) == ("upstream/names.csv", 3, column)
    assert said in problem.rule


def test_a_decision_cannot_name_a_row_of_a_layer(folder):
    decide(folder, "site,A hall,up-a")
    add_layer(folder.path, Layer(rows={"sites": [site("A")]}))
    (problem,) = folder.problems()
    assert (problem.file, problem.line, problem.column) == ("upstream/names.csv", 2, "id")


def test_every_view_of_layers_has_rows_and_ends_in_sources(folder):
    layer = Layer(
        facts=[Fact("chips", "nvidia-h100", "fp16_dense_tflops", "989", "H100")],
        unmapped=[Unmapped("chip", "X1", "row 4")],
        doubtful=[Doubtful("chips", "H-100", "nvidia-h100", "nearly the same name")],
        read=3,
    )
    add_layer(folder.path, layer)
    database = folder.database()
    for view in ("layer_list", "upstream_values", "upstream_doubts", "upstream_names"):
        frame = database.read(view)
        assert len(frame) == 1, view
        assert frame["source_ids"].iloc[0].tolist() == ["upstream-up"], view
        assert frame.columns[-1] == "source_ids", view
