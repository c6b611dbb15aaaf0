"""A headless Chromium that is told what to do, over the DevTools protocol, without a network."""

import json
import shutil
import subprocess
import tempfile

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# The browser takes commands from its file 3 and answers on its file 4.
PIPED = 'exec "$@" 3<&0 4>&1 0</dev/null 1>/dev/null'
# In seconds, for one command.
LONGEST = 60


class Tab:
    """A page of a browser of its own; what it said since it was last asked is in `events`."""

    def __init__(self):
        self.events, self.number, self.session, self.pending = [], 0, None, b""

    def __enter__(self):
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
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        attached = self.send("Target.attachToTarget", targetId=target, flatten=True)
        self.session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")
        return self

    def __exit__(self, *_):
        self.session = None
        try:
            self.send("Browser.close")
            self.process.wait(LONGEST)
        finally:
            self.process.kill()
            self.process.wait()
            self.process.stdin.close()
            self.process.stdout.close()
            self.folder.cleanup()

    def send(self, method, **parameters):
        """Have a command done; what it answers."""
        self.number += 1
        command = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            command["sessionId"] = self.session
        self.process.stdin.write(json.dumps(command).encode() + b"\0")
        self.process.stdin.flush()
        while (answer := self._next()).get("id") != self.number:
            self.events.append(answer)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def evaluate(self, script):
        """Run a script in the page; what it gives, when that is there."""
        given = self.send(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in given:
            raise RuntimeError(given["exceptionDetails"]["exception"].get("description", given))
        return given["result"].get("value")

    def told(self):
        """Give what happened since this was last asked, as (method, parameters)."""
        events, self.events = self.events, []
        return [(event["method"], event["params"]) for event in events if "method" in event]

    def _next(self):
        while b"\0" not in self.pending:
            more = self.process.stdout.read1(1 << 16)
            if not more:
                raise RuntimeError("Chromium ended")
            self.pending += more
        message, self.pending = self.pending.split(b"\0", 1)
        return json.loads(message)
