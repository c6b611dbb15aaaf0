"""As much of a Sphinx project as parts of pages talk to."""

from types import SimpleNamespace


class Environment(SimpleNamespace):
    """An environment that reads one page of a project."""

    def __init__(self, folder, page="index", pages=(), target=".html", **settings):
        config = {"opinionpanel_parts": "", "opinionpanel_study": "", "release": "1"}
        config |= {"opinionpanel_language": "en", **settings}
        builder = SimpleNamespace(format="html")
        if target is not None:
            builder.get_target_uri = lambda name: f"{name}{target}"
        (folder / "doctrees").mkdir(exist_ok=True)
        app = SimpleNamespace(
            confdir=str(folder),
            outdir=str(folder),
            doctreedir=str(folder / "doctrees"),
            config=SimpleNamespace(**config),
            builder=builder,
            env=self,
        )
        super().__init__(app=app, docname=page, found_docs={page, *pages}, noted=[])

    def note_dependency(self, path):
        self.noted.append(path)
