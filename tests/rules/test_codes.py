"""The code lists hold together."""

import json
from datetime import date

import pytest

from bot import codes, organisation
from bot.domain.staff import Role

LISTS = codes.names()
SENTENCES = {"organisation_mistakes", "settings_mistakes"}
NEEDED = {
    "municipalities", "welfare_regions", "supporter_fields", "organization_types", "occupations", "experience_bands",
    "supporter_concerns", "case_characteristics", "routes", "requested_support", "urgency", "callback_outcomes",
    "callback_privacy", "statuses", "activity_types", "dispositions", "closing_reasons", "staff_roles",
    "emergency_contacts", "mask_rules", "best_times", "not_consultation", "place_types", "people_roles", "danger_words",
}  # fmt: skip


def test_the_lists_the_desk_needs_are_there():
    assert set(LISTS) >= NEEDED


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_whole(name):
    listed = codes.load(name)
    raw = json.loads((codes.FOLDER / f"{name}.json").read_text(encoding="utf-8"))

    assert listed.title
    assert listed.version <= codes.VERSION
    assert listed.source["kind"] in {"stored_page", "mixed", "own_knowledge"}
    assert len(raw["items"]) == len(listed.codes) > 0
    for entry in listed.codes.values():
        assert entry.label.strip() == entry.label != ""
        assert not set("()~") & set(entry.label) or name in SENTENCES
        assert entry.valid_from is None or entry.valid_to is None or entry.valid_from <= entry.valid_to


@pytest.mark.parametrize("name", sorted(set(LISTS) - SENTENCES))
def test_labels_fit_where_slack_shows_them(name):
    assert all(len(entry.label) <= 75 for entry in codes.load(name).codes.values())


def test_every_reason_for_closing_is_defined_in_one_sentence():
    for entry in codes.options("closing_reasons"):
        assert entry.definition.count("。") == 1
        assert entry.definition.endswith("。")


def test_every_municipality_is_in_one_region():
    here = organisation.load()
    regions = codes.load("welfare_regions").codes
    members = [code for region in regions.values() for code in region.more["members"]]
    single = [entry.code for entry in codes.options("municipalities") if entry.more["region"]]

    assert len(single) == 19
    assert sorted(members) == sorted(single)
    assert all(code in regions[str(here.region_of(code))].more["members"] for code in single)
    assert codes.label("welfare_regions", str(here.region_of("252115"))) == "甲賀圏域"
    assert here.region_of("990000") is None


def test_the_roles_of_the_code_have_labels():
    labelled = set(codes.load("staff_roles").codes)
    assert {role.value for role in Role} - {"system"} <= labelled


def test_entries_come_in_order_and_in_their_time():
    entries = codes.options("organization_types", on=date(2026, 11, 24))
    before = codes.options("organization_types", on=date(2022, 1, 1))

    assert [entry.sort for entry in entries] == sorted(entry.sort for entry in entries)
    assert {entry.code for entry in entries} - {entry.code for entry in before} == {"child_family_center"}


def test_an_entry_that_is_over_keeps_its_label(tmp_path):
    path = tmp_path / "old.json"
    item = {"code": "a", "label": "昔の区分", "sort": 1, "valid_to": "2025-03-31"}
    head = {"title": "昔", "version": "1", "source": {}, "valid_from": "2021-04-01", "valid_to": None}
    path.write_text(json.dumps(head | {"items": [item]}), encoding="utf-8")

    listed = codes.read(path)

    assert listed.label("a") == "昔の区分"
    assert listed.options() == ()
    assert listed.options(date(2025, 3, 31)) != ()
    assert listed.options(date(2025, 4, 1)) == ()


@pytest.mark.parametrize(("name", "code"), [("urgency", "u9"), ("nothing", "u1"), ("../../pyproject", "x")])
def test_what_is_not_listed_is_no_code(name, code):
    with pytest.raises(codes.NoSuchCode):
        codes.label(name, code)


def test_a_code_that_stands_twice_is_refused(tmp_path):
    path = tmp_path / "twice.json"
    item = {"code": "a", "label": "あ", "sort": 1}
    head = {"title": "二つ", "version": "1", "source": {}, "valid_from": "2021-04-01", "valid_to": None}
    path.write_text(json.dumps(head | {"items": [item, item]}), encoding="utf-8")

    with pytest.raises(ValueError, match="twice"):
        codes.read(path)
