"""The studies that a study file names to stand beside its own."""

import pytest
from study_files import faults
from two_studies import two_studies

import opinionpanel as op
from opinionpanel.errors import LinkError
from opinionpanel.study import check_study, wave_files


def changed(path, old, new):
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


@pytest.fixture
def north(tmp_path):
    return two_studies(tmp_path, people=60)


def test_a_study_holds_those_beside_it_and_check_names_what_they_share(north):
    study = op.read_study(north)
    assert study.name == "North"
    assert study.others["South"].title == "Opinions in South"
    assert study.others["South"].panel.asked("talks") == ("spring", "autumn")
    text, keys = check_study(north)
    assert keys.faults == []
    assert "South: 'talks', 'warmth' (from ../south/study.toml)" in text
    # A report is not written over the waves of either.
    assert {path.parent.name for path in wave_files(north)} == {"north", "south"}


def test_nothing_is_looked_for_elsewhere_unless_the_file_says_so(north):
    changed(north, "allow_outside = true", "")
    (fault,) = faults(north)
    assert fault.startswith("side_by_side.South: '../south/study.toml' leads out of the folder")


def test_a_study_beside_others_has_a_name(north):
    changed(north, 'name = "North"\nperson', "person")
    assert faults(north) == [
        'name: is missing; beside others a study has a short name, name = "Russia"'
    ]


@pytest.mark.parametrize("name", ['{en = "North", ru = "Север"}', '""', "3"])
def test_the_name_of_a_study_is_one_text(north, name):
    changed(north, 'name = "North"\nperson', f"name = {name}\nperson")
    (fault,) = faults(north)
    assert fault.startswith("name: must be one text in quotes, the same in all languages; how")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("against = [2]", "refuse = [2]", "item 'talks' has other states: 'against' only in study"),
        ("high = 100", "high = 120", "score 'warmth' goes from 0 to 100 in study.toml and from 0 "),
        (
            "[items.talks]",
            "[items.war]\nrest = 1",
            "../south/study.toml has faults: items.war.rest",
        ),
        ("[items.talks]", "# decide: the item\n[items.talks]", "is a draft: 1 place to decide"),
    ],
)
def test_what_does_not_fit_names_file_and_question(north, old, new, said):
    changed(north.parent.parent / "south" / "study.toml", old, new)
    (fault,) = faults(north)
    assert fault.startswith("side_by_side.South: ")
    assert said in fault


def test_studies_without_a_question_in_common_are_refused(north):
    south = north.parent.parent / "south" / "study.toml"
    changed(south, "items.talks", "items.war")
    changed(south, "scores.warmth", "scores.trust")
    (fault,) = faults(north)
    assert "have no item, score or option of the same name" in fault


def test_an_item_is_no_score(north):
    south = north.parent.parent / "south" / "study.toml"
    changed(south, "items.talks", "items.warmth")
    changed(south, "scores.warmth", "scores.talks")
    assert (
        "'talks' is an item in study.toml and a score in ../south/study.toml." in faults(north)[0]
    )


def test_a_scale_is_a_score(north):
    south = north.parent.parent / "south" / "study.toml"
    changed(south, '[scores.warmth]\ncolumn = "ft"', '[scales.warmth]\ncolumns = ["ft", "ft2"]')
    for name in ("w1.csv", "w2.csv"):
        file = south.parent / name
        changed(file, ",ft\n", ",ft,ft2\n")
        file.write_text(
            "\n".join(
                line if line.endswith("ft2") else f"{line},50"
                for line in file.read_text(encoding="utf-8").split()
            )
        )
    assert faults(north) == []


MEDIA = """
[multiple.media]
options = {for = "%s"}
selected = [1]
unselected = [2, 9]
"""


def with_media(north, columns=("talks", "talks"), more=("", "")):
    """Both with a question that takes several answers, and nothing else of one name."""
    south = north.parent.parent / "south" / "study.toml"
    changed(south, "items.talks", "items.war")
    changed(south, "scores.warmth", "scores.trust")
    for path, column, extra in zip((north, south), columns, more, strict=True):
        with path.open("a", encoding="utf-8") as file:
            file.write(MEDIA % column + extra)


def test_options_are_in_common(north):
    with_media(north)
    assert faults(north) == []
    assert "South: 'media' (from ../south/study.toml)" in check_study(north)[0]
    changed(north, "options = {for =", "options = {yes =")
    assert "have no item, score or option of the same name" in faults(north)[0]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            ("", 'nothing = "none"'),
            "who selected an option in study.toml, who selected an option, or nothing in",
        ),
        (('none = "sex"', ""), "who selected an option, or that of none in study.toml, who"),
    ],
)
def test_shares_of_other_people_are_refused(north, more, said):
    with_media(north, more=more)
    (fault,) = faults(north)
    assert said in fault
    assert "Declare none and nothing alike in both" in fault


def test_a_question_of_several_answers_is_no_item(north):
    with_media(north)
    changed(north, "items.talks", "items.war")
    changed(north, "multiple.media", "multiple.warmth")
    changed(north, "scores.warmth", "scores.media")
    assert "'media' is a score in study.toml and a multiple question in" in " ".join(faults(north))


def test_the_same_people_do_not_stand_on_both_sides(north):
    changed(north, 'file = "w1.csv"', 'file = "../south/w1.csv"')
    (fault,) = faults(north)
    assert "w1.csv is a wave file of study.toml and of ../south/study.toml" in fault


def test_a_study_does_not_stand_beside_itself(north):
    changed(north, "../south/study.toml", "study.toml")
    assert faults(north) == ["side_by_side.South: is this file itself; name those of other studies"]
    changed(north, 'South = "study.toml"', 'North = "../south/study.toml"')
    assert "this study has that name" in faults(north)[0]


def test_what_the_waves_of_another_study_are_refused_for_names_its_file(north):
    changed(north.parent.parent / "south" / "w1.csv", "\n1,", "\n0,")
    with pytest.raises(LinkError, match=r"Study 'South', study\.toml: "):
        op.read_study(north)
    assert any("Study 'South', study.toml: " in fault for fault in check_study(north)[1].faults)
