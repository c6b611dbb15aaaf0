"""What a newcomer sees first: the README and the landing page show what their script does."""

import re
import sys

import pytest
from places import ROOT

import opinionpanel as op

sys.path.append(str(ROOT / "docs"))
import readme

README = readme.README.read_text(encoding="utf-8")
LANDING = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
ROLE = re.compile(r"\{py:(?:func|meth)\}`[\w.]+ <opinionpanel\.([\w.]+)>`")


def test_the_readme_shows_what_its_script_prints_and_draws():
    text, picture = readme.made(README)
    assert text == README, "run: python docs/readme.py"
    assert picture == readme.PICTURE.read_bytes(), "run: python docs/readme.py"


def test_the_script_has_twelve_lines_and_is_that_of_the_landing_page():
    script = re.search(r"```python\n(.*?)```", README, re.DOTALL)[1]
    assert len(script.replace("\n\n", "\n").splitlines()) == 12
    assert f"```{{code-cell}} ipython3\n{script}```" in LANDING


def test_the_output_shows_the_estimates():
    head = re.search(r"^ +origin +destination +estimate .*$", README, re.MULTILINE)[0]
    assert "..." not in head


@pytest.mark.parametrize("name", ["README", "CONTRIBUTING", "SECURITY", "CHANGELOG"])
def test_links_of_first_files_lead_to_files(name):
    links = re.findall(r"\]\(([^)#]+)", (ROOT / f"{name}.md").read_text(encoding="utf-8"))
    for link in links:
        assert "://" in link or (ROOT / link).exists(), link
    if name == "README":
        assert readme.PICTURE.relative_to(ROOT).as_posix() in links


@pytest.mark.parametrize("name", ROLE.findall(LANDING))
def test_the_landing_page_names_functions_that_there_are(name):
    value = op
    for part in name.split("."):
        value = getattr(value, part)
    assert callable(value)
    assert name.split(".")[0] in op.__all__


def test_every_function_in_the_table_of_the_landing_page_is_a_link():
    table = LANDING[LANDING.index("| question | function |") :]
    functions = [line.split("|")[2] for line in table.splitlines()[2:] if line.startswith("|")]
    assert len(functions) > 15
    for cell in functions:
        assert ROLE.sub("", cell).strip(" ,") == "", cell


def test_where_to_begin_leads_to_every_page_for_readers():
    begin = re.search(r"## Where to begin\n(.*?)\n## ", LANDING, re.DOTALL)[1]
    linked = set(re.findall(r"\]\((\w+)\.md\)", begin))
    for part in ("Learn", "How-to", "Evidence"):
        names = re.search(rf":caption: {part}\n\n(.*?)\n```", LANDING, re.DOTALL)[1].split()
        assert names
        assert set(names) <= linked
