"""A headless Chromium that is told what to do, over the DevTools protocol, without a network."""

import json
import os
import select
import subprocess
import tempfile
import time

from opinionpanel.report.paper import installed_browser

CHROMIUM = installed_browser()
# The browser takes commands from its file 3 and answers on its file 4.
PIPED = 'exec "$@" 3<&0 4>&1 0</dev/null 1>/dev/null'
# In seconds, for one command.
LONGEST = 60


class Tab:
    """A page of a browser of its own; what it said since it was last asked is in `events`.

    Each page that it opens runs a script first. A command raises RuntimeError where it fails, and
    TimeoutError where it takes too long.
    """

    def __init__(self, script=""):
        self.script = script

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.end()

    def start(self):
        """Start a browser."""
        self.events, self.number, self.session, self.pending = [], 0, None, b""
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.process = subprocess.Popen(
            [
                *("sh", "-c", PIPED, "sh", CHROMIUM),
                *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
                *("--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-pipe"),
                "--hide-scrollbars",
                f"--user-data-dir={self.folder.name}",
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        try:
            self._attach()
        except BaseException:
            self.end()
            raise

    def _attach(self):
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        attached = self.send("Target.attachToTarget", targetId=target, flatten=True)
        self.session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")
        self.send("Page.addScriptToEvaluateOnNewDocument", source=self.script)

    def end(self):
        """End the browser, also one that no longer answers."""
        self.session = None
        try:
            self.send("Browser.close")
            self.process.wait(LONGEST)
        except (OSError, RuntimeError, subprocess.TimeoutExpired):
            # It has ended already, or is killed.
            pass
        finally:
            self.process.kill()
            self.process.wait()
            self.process.stdin.close()
            self.process.stdout.close()
            self.folder.cleanup()

    def send(self, method, *, longest=LONGEST, **parameters):
        """Have a command done; what it answers."""
        number, until = self._ask(method, parameters), time.monotonic() + longest
        while (answer := self._next(until)).get("id") != number:
            self.events.append(answer)
            if answer.get("method") == "Page.javascriptDialogOpening":
                # Until somebody answers, the page stands still.
                self._ask("Page.handleJavaScriptDialog", {"accept": True})
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def evaluate(self, script, *, longest=LONGEST):
        """Run a script in the page; what it gives, when that is there."""
        wanted = {"expression": script, "awaitPromise": True, "returnByValue": True}
        given = self.send("Runtime.evaluate", longest=longest, **wanted)
        if "exceptionDetails" in given:
            raise RuntimeError(given["exceptionDetails"]["exception"].get("description", given))
        return given["result"].get("value")

    def told(self):
        """Give what happened since this was last asked, as (method, parameters)."""
        events, self.events = self.events, []
        return [(event["method"], event["params"]) for event in events if "method" in event]

    def _ask(self, method, parameters):
        """Write a command; its number, which its answer bears."""
        self.number += 1
        command = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            command["sessionId"] = self.session
        self.process.stdin.write(json.dumps(command).encode() + b"\0")
        self.process.stdin.flush()
        return self.number

    def _next(self, until):
        answers = self.process.stdout.fileno()
        while b"\0" not in self.pending:
            left = max(0, until - time.monotonic())
            if not select.select([answers], [], [], left)[0]:
                raise TimeoutError("it stands still")
            more = os.read(answers, 1 << 16)
            if not more:
                raise RuntimeError("Chromium ended")
            self.pending += more
        message, self.pending = self.pending.split(b"\0", 1)
        return json.loads(message)
