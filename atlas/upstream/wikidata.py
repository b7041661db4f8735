"""Wikidata: organisations that bear a name of ours in, their labels, country and parent as facts out. A match needs the same plain name and the same country."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from urllib.parse import quote

from babel import Locale, UnknownLocaleError

from atlas.upstream.known import Known
from atlas.upstream.layer import Adapter, Doubtful, Drift, Fact, File, Layer
from atlas.upstream.reading import member, one_line, read_json

ENDPOINT = "https://query.wikidata.org/sparql?format=json&query="
LONGEST_URL = 6000  # characters; the endpoint refuses a GET of about 8,000
ITEM = re.compile(r"http://www\.wikidata\.org/entity/Q[0-9]+")
LABELS = ("label_en", "label_fr", "label_ko")
VARIABLES = ("item", "name", *LABELS, "iso3", "parent")

# Evaluated in the order in which it is written: the names first, which the index finds at once, then what the few items found are (Q43229: an organisation).
# P17 country, P159 head office, P298 code of three letters, P749 parent, P31/P279 kind.
QUERY = """SELECT DISTINCT %s WHERE {
hint:Query hint:optimizer "None" .
VALUES ?name { %s }
?item rdfs:label|skos:altLabel ?name .
?item wdt:P31/wdt:P279* wd:Q43229 . hint:Prior hint:gearing "forward" .
OPTIONAL { ?item wdt:P17|(wdt:P159/wdt:P17) ?country . ?country wdt:P298 ?iso3 }
OPTIONAL { ?item rdfs:label ?label_en FILTER(lang(?label_en) = "en") }
OPTIONAL { ?item rdfs:label ?label_fr FILTER(lang(?label_fr) = "fr") }
OPTIONAL { ?item rdfs:label ?label_ko FILTER(lang(?label_ko) = "ko") }
OPTIONAL { ?item wdt:P749 ?owner . ?owner rdfs:label ?parent FILTER(lang(?parent) = "en") }
}"""


@cache
def language_of(iso2: str) -> str:
    """The language that is most spoken in a country, in which the local names of its organisations are written."""
    try:
        return Locale.parse(f"und_{iso2}").language
    except (UnknownLocaleError, ValueError):
        return "en"


def literals(known: Known) -> list[str]:
    """The names of our organisations as SPARQL literals with their language; groups of suppliers or buyers are no organisations."""
    languages = {row["iso3"]: language_of(row["iso2"]) for row in known.rows["countries"]}
    names = set()
    for row in known.rows["organisations"]:
        if row["kind"] != "aggregate":
            names |= {(name.strip(), "en") for name in (row["name"], *row["aliases"].split(";"))}
            names.add((row["local_name"], languages.get(row["iso3"], "en")))
    escaped = ((name.replace("\\", "\\\\").replace('"', '\\"'), language) for name, language in sorted(names) if name)
    return [f'"{name}"@{language}' for name, language in escaped]


def address(names: Iterable[str]) -> str:
    return ENDPOINT + quote(QUERY % (" ".join(f"?{name}" for name in VARIABLES), " ".join(names)), safe="")


def files(known: Known) -> tuple[File, ...]:
    """As many queries as keep every address short enough."""
    batches, left = [], 0
    for name in literals(known):
        length = len(quote(name + " ", safe=""))
        if length > left:
            batches.append([])
            left = LONGEST_URL - len(address([]))
        batches[-1].append(name)
        left -= length
    return tuple(File(f"organisations-{position:02}.json", (address(batch),)) for position, batch in enumerate(batches, 1))


@dataclass
class Item:
    """What the rows of one item say together; an item with two parents comes in two rows."""

    names: set[str] = field(default_factory=set)
    labels: dict[str, str] = field(default_factory=dict)
    countries: set[str] = field(default_factory=set)
    parents: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        return self.labels.get("label_en") or min(self.names)


def read_bindings(path: Path) -> list[dict[str, str]]:
    """The rows of SPARQL JSON results: variable -> text; a variable without a value is absent."""
    answer, get = read_json(path), partial(member, file_name=path.name)
    variables = get(answer, "head", "vars", kind=list)
    missing = [name for name in VARIABLES if name not in variables]
    if missing:
        raise Drift(f"{path.name} lacks the variables {', '.join(missing)}")
    rows = []
    for binding in get(answer, "results", "bindings", kind=list):
        row = {name: one_line(get(cell, "value", kind=str)) for name, cell in get(binding, kind=dict).items()}
        if not ITEM.fullmatch(row.get("item", "")) or not row.get("name"):
            raise Drift(f"{path.name} has a row without item or name")
        rows.append(row)
    return rows


def facts_of(org_id: str, url: str, item: Item, known: Known) -> list[Fact]:
    """Facts of one organisation. The parent is our id where all its parents are ours, else their names."""
    parents = sorted(item.parents)
    parent_ids = [known.organisation(parent) for parent in parents]
    values = item.labels | {
        "iso3": ";".join(sorted(item.countries)),
        "parent_org_id": ";".join(filter(None, parent_ids)) if all(parent_ids) else "",
        "parent": "" if all(parent_ids) else ";".join(parents),
    }
    return [Fact("organisations", org_id, name, value, item.name, url) for name, value in values.items() if value]


def doubt(url: str, item: Item, org_id: str, reason: str) -> Doubtful:
    return Doubtful("organisations", f"{item.name} ({url.rsplit('/', 1)[-1]})", org_id, reason)


def parse(files: Mapping[str, Path], known: Known) -> Layer:
    """Several items for one organisation, one item for several, and items of another country are doubtful and give no fact."""
    layer, items = Layer(), defaultdict(Item)
    for path in files.values():
        for row in read_bindings(path):
            layer.read += 1
            item = items[row["item"].replace("http://", "https://")]
            item.names.add(row["name"])
            item.labels |= {name: row[name] for name in LABELS if row.get(name)}
            item.countries |= {row["iso3"]} if row.get("iso3") else set()
            item.parents |= {row["parent"]} if row.get("parent") else set()

    homes = {row["org_id"]: row["iso3"] for row in known.rows["organisations"]}
    candidates = defaultdict(list)
    for url, item in sorted(items.items()):
        org_ids = {known.organisation(name) for name in (*item.names, *item.labels.values())} - {None}
        for org_id in sorted(org_ids):
            if len(org_ids) == 1:
                candidates[org_id].append((url, item))
            else:
                layer.doubtful.append(doubt(url, item, org_id, f"it bears names of {' and '.join(sorted(org_ids))}"))
    for org_id, found in sorted(candidates.items()):
        at_home = [(url, item) for url, item in found if homes[org_id] in item.countries]
        if len(at_home) == 1:
            layer.facts += facts_of(org_id, *at_home[0], known)
            continue
        for url, item in at_home or found:
            reason = (
                "several items of this name in this country"
                if at_home
                else f"the country is {' or '.join(sorted(item.countries)) or 'not stated'}"
            )
            layer.doubtful.append(doubt(url, item, org_id, reason))
    return layer


ADAPTERS = (
    Adapter(
        name="wikidata",
        publisher="Wikidata",
        title="Labels, countries and parents of organisations",
        page="https://www.wikidata.org/",
        licence="CC0-1.0",
        files=files,
        parse=parse,
        note="Edited by anyone; labels in Korean and French are missing for many firms.",
    ),
)
