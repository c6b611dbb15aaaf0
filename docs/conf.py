"""How the documentation is built: executed pages that open from disk, offline."""

import shutil

import opinionpanel

project = "opinionpanel"
author = "The opinionpanel developers"
release = opinionpanel.__version__
language = "en"
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "opinionpanel.report.extension",
]

# Sentences and charts of pages may be about the bundled study.
opinionpanel_study = str(opinionpanel.datasets.folder("attitudes_2024") / "study.toml")

# With -W a page that fails fails the build, and the warning holds the error itself.
nb_execution_mode = "force"
nb_execution_show_tb = True
nb_execution_timeout = 120
nb_execution_in_temp = True
# Spark runs on Java; without it the page stands as written.
nb_execution_excludepatterns = [] if shutil.which("java") else ["cluster.md"]
if nb_execution_excludepatterns:
    print("docs: cluster.md is not executed, there is no Java")
nb_merge_streams = True

# What docstrings name in backquotes is a link where it is a public name, and code elsewhere.
default_role = "py:obj"
autodoc_member_order = "bysource"
autodoc_typehints = "none"
napoleon_google_docstring = False
napoleon_use_ivar = True

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["side_by_side.css"]
html_title = f"opinionpanel {release}"
html_copy_source = False
html_show_sourcelink = False
html_show_search_summary = False
html_show_copyright = False
# Dashes only: quotes on these pages are often those of code.
smartquotes_action = "D"


def setup(app):
    """Have what the theme leaves out of its pages."""
    app.connect("html-page-context", _captions_have_a_level, priority=600)


def _captions_have_a_level(app, name, template, context, tree):
    """Parts of the sidebar are headings; which ones, the theme does not tell screen readers."""
    shown = context["furo_navigation_tree"]
    context["furo_navigation_tree"] = shown.replace(
        'role="heading"', 'role="heading" aria-level="2"'
    )
