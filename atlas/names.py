"""Names: a frame with names in English in, the same with the names of countries and organisations as the reader's language writes them out."""

from collections.abc import Mapping

import pandas as pd

from atlas.store import Database
from atlas.texts import Words

# Columns of views that hold one name (of a country, an organisation, or of any thing), and those that hold several with commas between them.
ONE = (
    "country", "home_country", "designer_country", "supplier_country", "base_country", "reporter", "partner", "party", "company", "member", "lead",
    "receiver", "provider", "vendor", "supplier", "customer", "maker", "organisation", "parent", "about", "other", "name",
)  # fmt: skip
SEVERAL = ("owners", "operators", "tenants", "run_by", "companies", "foundries", "memory_makers", "packagers", "location")


def of_language(database: Database, words: Words) -> dict[str, str]:
    """English name -> the name in the language of the words, where it is another one: a country's by the texts, an organisation's by its local name."""
    countries = database.read("countries", columns="iso3, name")
    organisations = database.read("organisations", columns="name, local_name")
    named = {row.name: words.country(row.iso3) for row in countries.itertuples()}
    named |= {row.name: row.local_name for row in organisations.itertuples() if words.is_own_script(row.local_name)}
    return {english: own for english, own in named.items() if english != own}


def written(frame: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """The frame with every name that is among `names` replaced; whatever has no other name stays as it is."""
    if not names:
        return frame
    one = {column: frame[column].map(lambda name: names.get(name, name)) for column in ONE if column in frame}
    several = {column: frame[column].map(lambda listed: _each(listed, names)) for column in SEVERAL if column in frame}
    return frame.assign(**one, **several)


def _each(listed, names: Mapping[str, str]):
    return ", ".join(names.get(name, name) for name in listed.split(", ")) if isinstance(listed, str) else listed
