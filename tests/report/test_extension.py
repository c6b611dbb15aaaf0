"""The Sphinx extension: what it adds to a page, and the folder its kernels start from."""

import os
from gettext import NullTranslations
from pathlib import Path
from types import SimpleNamespace

import pytest

import opinionpanel
from opinionpanel.report import extension, projects
from opinionpanel.report.parts_on_pages import settle_parts


class App(SimpleNamespace):
    """As much of a Sphinx application as the extension talks to."""

    def __init__(self, folder, builder="html"):
        super().__init__(
            doctreedir=str(folder / "doctrees"),
            outdir=str(folder / "html"),
            builder=SimpleNamespace(format=builder),
            config=SimpleNamespace(html_static_path=[], language="en"),
            translator=NullTranslations(),
            handlers=[],
            files=[],
            extensions={"myst_nb": None},
            values={},
            directives={},
            roles={},
        )

    def connect(self, event, handler):
        self.handlers.append((event, handler))

    def add_config_value(self, name, default, rebuild, types):
        self.values[name] = default

    def add_directive(self, name, directive):
        self.directives[name] = directive

    def add_role(self, name, role):
        self.roles[name] = role

    def add_js_file(self, name):
        self.files.append(name)

    add_css_file = add_js_file

    def build(self):
        for event, handler in self.handlers:
            if event in ("config-inited", "builder-inited"):
                handler(self, self.config) if event == "config-inited" else handler(self)


@pytest.fixture
def app(tmp_path, monkeypatch):
    for name in ("IPYTHONDIR", "JUPYTER_PREFER_ENV_PATH"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["src", "", str(tmp_path)]))
    made = App(tmp_path)
    extension.setup(made)
    made.build()
    return made


def test_pages_are_read_anew_by_another_version_and_at_once_by_several_processes(tmp_path):
    told = extension.setup(App(tmp_path))
    assert told.pop("version") == told.pop("env_version") == opinionpanel.__version__
    assert told == {"parallel_read_safe": True, "parallel_write_safe": True}


def test_a_page_that_is_gone_is_forgotten_and_files_are_written_in_the_end(tmp_path):
    """Each step that Sphinx offers has what belongs there."""
    app = App(tmp_path)
    extension.setup(app)
    handlers = dict(app.handlers)
    assert handlers["env-purge-doc"] is projects.forget
    assert handlers["env-merge-info"] is projects.bring_together
    assert handlers["doctree-resolved"] is settle_parts
    assert handlers["build-finished"] is projects.write_files


def test_every_file_that_a_page_names_is_there(app):
    folders = [Path(app.outdir) / "_static", *map(Path, app.config.html_static_path)]
    assert app.files
    for name in app.files:
        assert any((folder / name).is_file() for folder in folders), name


def test_the_bundle_draws_without_a_network(app):
    text = (Path(app.outdir) / "_static" / extension.BUNDLE).read_text(encoding="utf-8")
    assert text.startswith("window.opinionpanelEmbed = {")
    assert "vegaEmbed" in text
    font = (Path(app.outdir) / "_static" / extension.FONT).read_text(encoding="utf-8")
    assert font.count("@font-face") == 2


def test_kernels_are_those_of_this_process_wherever_they_start(app):
    """Neither a user's own profile nor a relative path may lead elsewhere."""
    profile = Path(os.environ["IPYTHONDIR"]) / "profile_default" / "ipython_kernel_config.py"
    assert profile.is_relative_to(app.doctreedir)
    assert profile.read_text(encoding="utf-8") == extension.KERNEL
    paths = os.environ["PYTHONPATH"].split(os.pathsep)
    assert len(paths) == 2
    assert all(Path(path).is_absolute() for path in paths)


def test_other_builders_get_no_bundle(tmp_path):
    extension._write_bundle(App(tmp_path, builder="latex"))
    assert not (tmp_path / "html").exists()
