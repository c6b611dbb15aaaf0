"""A Sphinx extension: charts and tables of executed pages that work from disk, offline."""

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.config import ENUM

import opinionpanel
from opinionpanel.escaping import script_json
from opinionpanel.report.directives import EstimateRole, PartDirective
from opinionpanel.report.parts_on_pages import settle_parts
from opinionpanel.report.projects import bring_together, forget, write_files
from opinionpanel.report.running import FROM_INPUT
from opinionpanel.report.theme_words import add_theme_words
from opinionpanel.written_files import write_file

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

STATIC = Path(__file__).parent / "static"
BUNDLE = "opinionpanel-vega.js"
FONT = "opinionpanel-font.css"
# Kernels would warn that they talk to this process unencrypted; both are on this machine.
KERNEL = 'c.IPKernelApp.log_level = "ERROR"\n'


def setup(app: "Sphinx") -> dict[str, Any]:
    """Add what draws charts and their font, the style of tables, and the parts of reports."""
    app.add_config_value("opinionpanel_study", "", "env", types=[str])
    app.add_config_value("opinionpanel_parts", "", "env", types=ENUM("", FROM_INPUT))
    app.add_config_value("opinionpanel_language", "en", "env", types=[str])
    app.add_directive("opinionpanel", PartDirective)
    app.add_role("estimate", EstimateRole())
    app.connect("config-inited", _add_static_folder)
    app.connect("config-inited", add_theme_words)
    app.connect("builder-inited", _prepare_kernels)
    app.connect("builder-inited", _write_bundle)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", bring_together)
    app.connect("doctree-resolved", settle_parts)
    app.connect("build-finished", write_files)
    app.add_css_file("opinionpanel.css")
    app.add_css_file(FONT)
    app.add_js_file(BUNDLE)
    app.add_js_file("opinionpanel.js")
    # A style for code that the theme loads has every logger print what it does.
    for name in ("traitlets", "fontTools"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return {
        "version": opinionpanel.__version__,
        # Pages hold what another version has made: they are read again.
        "env_version": opinionpanel.__version__,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }


def _add_static_folder(app: "Sphinx", config: "Config") -> None:
    config.html_static_path.append(str(STATIC))


def _prepare_kernels(app: "Sphinx") -> None:
    """Run pages with the Python of this process, whatever kernels and start-up files a user has."""
    if "myst_nb" not in app.extensions:
        return
    profile = Path(app.doctreedir) / "ipython" / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    write_file(profile / "ipython_kernel_config.py", KERNEL)
    os.environ["IPYTHONDIR"] = str(profile.parent)
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"
    # Kernels start in another folder, where a relative path leads elsewhere.
    paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    os.environ["PYTHONPATH"] = os.pathsep.join(str(Path(path).resolve()) for path in paths if path)


def _write_bundle(app: "Sphinx") -> None:
    if app.builder.format != "html":
        return
    from opinionpanel.drawing import EMBED, script_bundle, whole_font

    folder = Path(app.outdir) / "_static"
    folder.mkdir(parents=True, exist_ok=True)
    options = f"window.opinionpanelEmbed = {script_json(EMBED)};\n"
    write_file(folder / BUNDLE, options + script_bundle())
    write_file(folder / FONT, whole_font())
