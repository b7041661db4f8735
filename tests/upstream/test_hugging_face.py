"""Hugging Face: lists of models of organisations."""

import pytest

from atlas.upstream.hugging_face import ADAPTERS
from atlas.upstream.layer import Drift
from tests.upstream.layers import as_json, fact_of, facts, known, parse, spoiled, survives_junk

(ADAPTER,) = ADAPTERS


def model(repository, **values):
    return {"_id": "6", "id": repository, "downloadsAllTime": 12000, "likes": 7, "createdAt": "2025-12-30T05:05:09.000Z",
            "cardData": {"license": "apache-2.0", "base_model": "skt/A.X-K0", "language": ["ko"]}} | values  # fmt: skip


@pytest.fixture
def folder(folder):
    folder.add_organisations(skt="KOR")
    folder.add("models", *({"model_id": name, "name": name, "org_id": "skt", "iso3": "KOR", "role": "national", "hugging_face_repo": repo}
                           for name, repo in (("a-x-k1", "skt/A.X-K1"), ("solar", "upstage/Solar-Open-100B"), ("closed", ""))))  # fmt: skip
    return folder


def facts_of(folder, *models):
    return facts(parse(ADAPTER, folder, {"skt.json": as_json(models)}))


def test_a_repository_of_ours_gives_facts_about_its_model(folder):
    layer = parse(ADAPTER, folder, {"skt.json": as_json([model("skt/A.X-K1"), model("skt/other")])})
    assert facts(layer) == {
        ("models", "a-x-k1", "downloads_all_time"): "12000",
        ("models", "a-x-k1", "likes"): "7",
        ("models", "a-x-k1", "created_at"): "2025-12-30",
        ("models", "a-x-k1", "licence"): "apache-2.0",
        ("models", "a-x-k1", "base_model"): "skt/A.X-K0",
    }
    assert (fact_of(layer, "licence").upstream_name, fact_of(layer, "licence").url) == ("skt/A.X-K1", "https://huggingface.co/skt/A.X-K1")
    assert (layer.read, layer.dropped, layer.rows) == (2, {"repository of no model of the Atlas": 1}, {})
    assert not ADAPTER.is_redistributable


def test_a_repository_is_ours_however_its_letters_are_written(folder):
    assert ("models", "a-x-k1", "likes") in facts_of(folder, model("SKT/a.x-k1"))


@pytest.mark.parametrize("card", [None, {}, [], "text", {"license": None, "base_model": [None]}, {"license": 7, "base_model": {}}])
def test_what_a_card_does_not_say_gives_no_fact(folder, card):
    assert {field for _, _, field in facts_of(folder, model("skt/A.X-K1", cardData=card))} == {"downloads_all_time", "likes", "created_at"}


@pytest.mark.parametrize("downloads", [None, "many", -1e400, True])
def test_unknown_downloads_give_no_fact_and_zero_gives_one(folder, downloads):
    assert ("models", "a-x-k1", "downloads_all_time") not in facts_of(folder, model("skt/A.X-K1", downloadsAllTime=downloads))
    assert facts_of(folder, model("skt/A.X-K1", downloadsAllTime=0))["models", "a-x-k1", "downloads_all_time"] == "0"


def test_a_licence_of_ones_own_is_named_and_several_bases_are_all_named(folder):
    card = {"license": "other", "license_name": "skt-licence", "base_model": ["a/b", "c/d"]}
    found = facts_of(folder, model("skt/A.X-K1", cardData=card))
    assert (found["models", "a-x-k1", "licence"], found["models", "a-x-k1", "base_model"]) == ("skt-licence", "a/b;c/d")
    assert facts_of(folder, model("skt/A.X-K1", cardData={"license": "other"}))["models", "a-x-k1", "licence"] == "other"


def test_an_organisation_that_shows_no_models_is_no_error(folder):
    assert facts_of(folder) == {}


def test_the_lists_of_the_organisations_of_our_repositories_are_asked_for(folder):
    files = ADAPTER.files_for(known(folder))
    assert [file.name for file in files] == ["skt.json", "upstage.json"]
    (address,) = files[0].urls
    assert address.startswith("https://huggingface.co/api/models?author=skt&")
    assert "expand%5B%5D=downloadsAllTime" in address


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"error": "Invalid expand"}, "Hugging Face answers Invalid expand"),
        ({"models": []}, "not a list of models"),
        ([{"modelId": "skt/A.X-K1"}], "not a list of models with ids"),
        ([7], "not a list of models"),
        ([{"id": "skt/A.X-K1", "downloads": 5}], "downloadsAllTime of no model"),
    ],
)
def test_an_answer_of_another_form_is_drift(folder, content, said):
    with pytest.raises(Drift, match=rf"skt\.json.*{said}"):
        parse(ADAPTER, folder, {"skt.json": as_json(content)})


@spoiled
def test_a_spoiled_file_is_drift(folder, content):
    with pytest.raises(Drift, match=r"skt\.json"):
        parse(ADAPTER, folder, {"skt.json": content})


def test_junk_in_any_part_of_an_answer_is_drift_or_unknown(folder):
    refused, read = survives_junk(ADAPTER, folder, {"skt.json": as_json([model("skt/A.X-K1"), model("skt/other")])}, "skt.json")
    assert refused > 0
    assert read > 0
