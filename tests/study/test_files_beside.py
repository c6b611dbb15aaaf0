"""Files outside the folder of a study are read only if it says so, and never named."""

import pytest

from opinionpanel.study.checking import check_study
from opinionpanel.study.drafting import write_draft
from opinionpanel.study.files_beside import leads_outside

DATA = "id,q\n1,1\n2,2\n3,1\n"
ITEM = '[items.q]\ncolumn = "q"\nstates = {yes = [1], no = [2]}\n'


@pytest.fixture
def study(tmp_path):
    """A study of two waves, of which the second is named by the test."""
    folder = tmp_path / "study"
    for path in (folder / "w1.csv", folder / "data" / "w2.csv", tmp_path / "secret" / "w2.csv"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(DATA)
    (folder / "thesis.txt").write_text("")
    (folder / "passwords.md").write_text("")
    (folder / "link.csv").symlink_to(tmp_path / "secret" / "w2.csv")
    (folder / "linked").symlink_to(tmp_path / "secret", target_is_directory=True)
    (folder / "round").symlink_to("round")

    def write(second, head=""):
        path = folder / "study.toml"
        waves = (
            f'[[waves]]\nname = "1"\nfile = "w1.csv"\n[[waves]]\nname = "2"\nfile = "{second}"\n'
        )
        path.write_text(f'title = "t"\nperson = "id"\n{head}{waves}{ITEM}', encoding="utf-8")
        return check_study(path)[1].faults

    return write


@pytest.mark.parametrize(
    "name",
    [
        *("../secret/w2.csv", "{}/secret/w2.csv", "data/../../secret/w2.csv"),
        *("link.csv", "linked/w2.csv"),
    ],
)
def test_a_way_out_is_taken_only_if_declared(study, tmp_path, name):
    name = name.format(tmp_path.as_posix())
    (fault,) = study(name)
    assert "leads out of the folder of study.toml" in fault
    assert "allow_outside = true" in fault
    assert study(name, "allow_outside = true\n") == []


@pytest.mark.parametrize("name", ["data/w2.csv", "./data/../data/w2.csv", "../study/data/w2.csv"])
def test_what_stays_inside_needs_no_word(study, name):
    assert study(name) == []


@pytest.mark.parametrize(
    "name", ["../secret/w3.csv", "/etc/passwd", "/etc/nothing", "linked/x.csv"]
)
@pytest.mark.parametrize("head", ["", "allow_outside = true\n"])
def test_faults_name_no_file_of_another_folder(study, name, head):
    faults = " ".join(study(name, head))
    assert faults
    assert "w2" not in faults
    assert "group" not in faults
    if not head:
        assert "there is no file" not in faults, "this tells which files there are"


def test_of_its_own_folder_only_wave_files_are_named(study):
    (fault,) = study("w11.csv")
    assert "Did you mean 'w1.csv'? Known: 'link.csv', 'thesis.txt', 'w1.csv'." in fault
    assert "passwords" not in fault


@pytest.mark.parametrize("name", ["a\\u0000b", "x" * 5000, "round/w.csv", "round", ".", ".."])
def test_names_that_are_none(study, name):
    (fault,) = study(name)
    assert fault.startswith("waves.2.file: ")


def test_a_catalogue_of_labels_that_is_a_link_leads_out_as_well(study, tmp_path):
    (tmp_path / "study" / "w.sas7bdat").write_bytes(b"")
    (tmp_path / "study" / "w.sas7bcat").symlink_to(tmp_path / "secret" / "w2.csv")
    (fault,) = study("w.sas7bdat")
    assert "leads out" in fault


def test_a_draft_declares_what_lies_outside(study, tmp_path):
    inside, outside = tmp_path / "study" / "w1.csv", tmp_path / "secret" / "w2.csv"
    for files, declared in (([inside], False), ([inside, outside], True)):
        path = write_draft(files, tmp_path / "study" / f"{len(files)}.toml")
        assert ("allow_outside = true\n" in path.read_text(encoding="utf-8")) is declared
        assert not [fault for fault in check_study(path)[1].faults if "file" in fault]
    assert leads_outside(outside, tmp_path / "study")
