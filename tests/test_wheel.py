"""Installed from a wheel, the library still finds its bundled data."""

import os
import subprocess
import sys
import zipfile

import pytest
from places import ROOT, files


def run(*arguments, **options):
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=False, **options
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_data_and_static_files_travel_in_the_wheel(tmp_path):
    run("-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT))
    (wheel,) = files(tmp_path, "*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    inside = tmp_path / "site" / "opinionpanel"
    assert (inside / "py.typed").is_file()
    assert files(inside / "report" / "static", "*")
    assert len(files(inside / "drawing" / "chart_font", "*.ttf", "widths.json", "OFL.txt")) == 4
    script = (
        "import opinionpanel as op\n"
        "print(op.__file__, op.datasets.folder('published'))\n"
        "for name in op.datasets.names(): op.datasets.load(name)\n"
    )
    # The unpacked wheel comes before the checkout that the environment knows.
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "site")}
    output = run("-c", script, cwd=tmp_path, env=environment)
    assert output.count(str(inside)) == 2
