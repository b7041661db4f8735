"""Names: countries and organisations are called as the reader's language calls them, wherever they are read from; in English nothing changes."""

import pandas as pd
import pytest

from atlas import names
from atlas.brief import reading
from atlas.selection import EVIDENCE
from tests.conftest import words


def test_every_name_in_a_list_is_replaced_and_the_unknown_stay():
    frame = pd.DataFrame({"owners": ["SK hynix, Meta", None], "company": ["Meta", "SK hynix"], "note": ["SK hynix", ""]})
    shown = names.written(frame, {"SK hynix": "SK하이닉스"})
    assert shown["owners"].tolist()[0] == "SK하이닉스, Meta"
    assert shown["owners"].isna().tolist() == [False, True]
    assert shown["company"].tolist() == ["Meta", "SK하이닉스"]
    assert shown["note"].tolist() == ["SK hynix", ""]


@pytest.mark.parametrize(
    ("lang", "country", "company"), [("en", "South Korea", "SK hynix"), ("fr", "Corée du Sud", "SK hynix"), ("ko", "한국", "SK하이닉스")]
)
def test_a_view_is_read_in_the_language_of_the_reader(database, lang, country, company):
    frame = reading(database, ["KOR"], lang).read("company_shares", where={"segment_id": ["hbm"]}, evidence=list(EVIDENCE))
    korean = frame[frame["org_id"] == "sk-hynix"]
    assert set(korean["company"]) == {company}
    assert set(korean["country"]) == {country}


def test_no_name_of_an_organisation_is_also_that_of_another_kind_of_thing(database):
    """Names are replaced by their spelling: one that meant two things would be replaced in both."""
    things = database.read("things")
    replaced = names.of_language(database, words("ko"))
    others = things[~things["kind"].isin(["organisation", "country"])]
    assert set(others["name"]) & set(replaced) == set()


def test_the_countries_of_the_world_have_their_korean_names(database):
    replaced = names.of_language(database, words("ko"))
    countries = database.read("countries")
    assert [row.name for row in countries.itertuples() if row.name not in replaced] == []
