"""The SQL tab: a link to a question shows its rows, a wrong question is told why, and what the chart shows is chosen or found."""

import pytest

from atlas.selection import Parameter
from atlas.store import sandbox
from pages.data.query import EXAMPLES, MOST_CHARACTERS
from tests.pages.test_pages import WORDS, built, charts, opened, said  # noqa: F401 (built is a fixture)


def asked(sql: str, **query: str):
    return opened("data", tab="sql", sql=sql, **query)


def shown(app):
    """The rows of the answer: the table after that of the columns that can be asked for."""
    return app.dataframe[1].value


def test_a_link_to_a_question_shows_its_rows():
    app = asked("SELECT name, iso3 FROM countries WHERE iso3 IN ('KOR', 'FRA') ORDER BY iso3")
    assert list(shown(app)["name"]) == ["France", "South Korea"]
    assert WORDS("sql.rows", rows=2, columns=2, seconds="")[:17] in said(app)


def test_the_tab_opens_with_a_question_and_its_chart():
    app = opened("data", tab="sql")
    assert app.text_area(key="choice:sql").value == EXAMPLES["hbm-by-country"]
    assert {"period", "share_pct"} <= set(shown(app).columns)
    (chart,) = charts(app)
    assert "South Korea" in chart.alt


@pytest.mark.parametrize("code", EXAMPLES)
def test_every_example_has_rows_with_their_sources_and_a_name(code):
    assert WORDS.has(f"example.{code}")
    app = asked(EXAMPLES[code])
    assert not app.error
    rows = shown(app)
    assert len(rows) > 2
    assert rows["source_ids"].str.len().gt(0).all()


def test_examples_are_in_the_terms_of_the_field():
    assert len(EXAMPLES) >= 8


def test_a_new_question_moves_the_link():
    app = opened("data", tab="sql")
    app.text_area(key="choice:sql").set_value("SELECT 42 AS answer")
    next(button for button in app.button if button.label == WORDS("sql.run")).click()
    app.run()
    assert not app.exception
    assert shown(app)["answer"].tolist() == [42]
    assert app.query_params["sql"] in ("SELECT 42 AS answer", ["SELECT 42 AS answer"])


@pytest.mark.parametrize(
    ("sql", "sentence", "place"),
    [
        ("FROM chps", "no table or view chps. Close to it: chips", "LINE 1: FROM chps"),
        ("FROM '/etc/passwd'", "no table or view /etc/passwd", "LINE 1"),
        ("SELECT nme FROM chips", WORDS("sql.refused.wrong"), "Candidate bindings"),
        ("FROM glob('*')", "The function glob cannot be used here", "LINE 1"),
        ("DROP TABLE chips", WORDS("sql.refused.kind"), ""),
        ("SELECT 1; SELECT 2", "These are 2 statements", ""),
        ("SELECT repeat('x', 2000000000)", "more memory than the 256 MB", ""),
        ('FROM "<b>*x*</b>"', "no table or view <b>*x*</b>", "LINE 1"),
    ],
)
def test_a_question_that_is_not_answered_is_told_why_and_where(sql, sentence, place):
    app = asked(sql)
    (error,) = app.error
    assert sentence in error.value.replace("\\", "")
    assert place in "\n".join(code.value for code in app.code)
    assert charts(app) == []


def test_what_a_reader_wrote_is_shown_as_text():
    app = asked('FROM "**x** <b>"')
    assert "\\*\\*x\\*\\* \\<b\\>" in app.error[0].value


def test_no_question_is_a_sentence():
    assert WORDS("sql.refused.empty") in asked("").error[0].value


def test_an_answer_without_rows_is_a_sentence():
    assert WORDS("empty.sql") in said(asked("FROM chips WHERE false"))


def test_rows_that_name_no_source_say_so():
    app = asked("SELECT iso3, count(*) AS sites FROM sites GROUP BY ALL ORDER BY sites DESC")
    assert WORDS("card.no_sources") in said(app)
    assert "source_ids" not in shown(app)


@pytest.mark.parametrize("column", ["1", "'none'", "NULL", "['nowhere', NULL]", "{'a': 1}"])
def test_a_column_that_is_only_called_source_ids_breaks_nothing(column):
    assert (
        len(shown(asked(f"SELECT {column} AS source_ids, 1 AS url, 'javascript:alert(1)' AS source_url, 'x' AS status, 5 AS chip_id"))) == 1
    )


def test_only_addresses_of_the_web_become_links():
    app = asked("SELECT 'javascript:alert(1)' AS url")
    assert "link" not in app.dataframe[1].proto.columns
    app = asked("SELECT url FROM sources LIMIT 3")
    assert "link" in app.dataframe[1].proto.columns


def test_the_chart_shows_what_is_chosen():
    sql = "SELECT name, country, power_mw, h100e, status FROM site_compute WHERE h100e > 0 AND power_mw > 0 ORDER BY h100e DESC"
    bars = charts(asked(sql))[0]
    points = charts(asked(sql, chart="scatter", x="power_mw", y="h100e", colour="status"))[0]
    assert '"bar"' in bars.spec
    assert '"bar"' not in points.spec
    assert "under-construction" in points.spec


def test_columns_of_another_question_are_forgotten():
    app = asked("SELECT iso3, count(*) AS n FROM sites GROUP BY ALL ORDER BY n DESC LIMIT 5", x="power_mw", y="nowhere", colour="source_ids", chart="line")  # fmt: skip
    assert len(charts(app)) == 1
    assert app.selectbox(key="choice:x").value == ""
    app.run()
    assert "x" not in app.query_params


@pytest.mark.parametrize("sql", ["SELECT 1 AS a", "SELECT name FROM countries", "SELECT 'nan'::DOUBLE AS a FROM range(3)", "SELECT NULL AS a FROM range(3)"])  # fmt: skip
def test_rows_without_amounts_have_no_chart_and_no_error(sql):
    assert charts(asked(sql)) == []


def test_the_columns_of_a_table_stand_beside_the_question():
    app = opened("data", tab="sql", relation="sites")
    listed = app.dataframe[0].value
    assert {"power_mw", "iso3"} <= set(listed["column_name"])
    assert listed["comment"].str.len().gt(0).all()
    view = opened("data", tab="sql", relation="members")
    assert "where they come from" in said(view).replace("\\", "")


def test_questions_can_be_switched_off_and_say_so(monkeypatch):
    monkeypatch.setenv("ATLAS_SQL", "off")
    app = asked("SELECT 1")
    assert WORDS("sql.off") in said(app)
    assert not app.text_area
    assert not app.dataframe


def test_a_long_question_stays_whole_in_the_link():
    assert MOST_CHARACTERS == sandbox.MOST_CHARACTERS
    sql = f"SELECT '{'x' * 5000}' AS long"
    assert len(shown(asked(sql))["long"].iloc[0]) == 5000
    assert Parameter("sql", (), None, longest=MOST_CHARACTERS).parse(["y" * 20_000]) == (("y" * MOST_CHARACTERS,), ())


def test_the_download_holds_question_version_licence_and_sources():
    from atlas import store, ui
    from atlas.ui.figure_card import csv_of
    from atlas.ui.sources import sources_of
    from pages.data import query
    from tests.conftest import words

    page = ui.Page(None, words(), store.current()[0], "data")
    frame = query._with_sources(page.database.ask("SELECT name, source_id FROM chips LIMIT 2").frame)
    text = csv_of(page, "https://example.org", "Rows", "2 rows", frame, sources_of(page, frame), ["Question: SELECT name"])
    assert "# Question: SELECT name" in text
    assert f"data version {page.version}" in text
    assert "CC BY 4.0" in text
    assert f"# {frame['source_id'].iloc[0]}: " in text
