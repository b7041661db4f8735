"""The views about models, on hand-made rows."""

ALL = ["official", "reported", "estimated", "planned"]


def model(name, **more):
    return {"model_id": name, "name": name.upper(), "org_id": "maker", "iso3": "KOR", "role": "national"} | more


def origins(folder, *rows):
    folder.add_organisations(maker="KOR")
    folder.add("models", *rows)
    frame = folder.database().read("model_origins", evidence=ALL)
    return dict(frame.assign(origin=frame["origin"].fillna("unknown"))[["origin", "families"]].to_numpy())


def test_a_family_counts_once_by_what_is_known_of_its_sizes(folder):
    rows = [
        model("a1", family="a", from_scratch="yes"),
        model("a2", family="a"),
        model("a3", family="a", from_scratch="no", base_model="Qwen", base_iso3="TWN"),
        model("b1", family="b", from_scratch="disputed"),
        model("c1"),
    ]
    assert origins(folder, *rows) == {"own": 0.5, "TWN": 0.5, "disputed": 1, "unknown": 1}


def test_a_base_of_an_unknown_country_is_from_abroad_and_not_from_scratch(folder):
    assert origins(folder, model("a1", from_scratch="no", base_model="some base")) == {"abroad": 1}


def test_rivals_in_a_table_of_scores_are_not_national_models(folder):
    assert origins(folder, model("a1", from_scratch="yes"), model("gpt", role="comparator", from_scratch="yes")) == {"own": 1}


def test_the_chip_of_the_training_is_named(folder):
    folder.add_organisations(maker="KOR")
    folder.add("models", model("a1", training_chip_id="nvidia-h100", training_chip_count=512))
    row = folder.database().read("model_list").iloc[0]
    assert (row["chip"], row["training_chip_count"]) == ("nvidia-h100 chip", 512)
