"""The whole product as a user starts it: `manage.py run` on a free port with a data folder of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from people import People, people_of
from servers import free_port, wait_until

ROOT = Path(__file__).resolve().parent.parent
NAMES = (
    "DATABASE_URL",
    "REDIS_URL",
    "MQTT_URL",
    "COCKPIT_DATA",
    "COCKPIT_CATALOGUE",
    "COCKPIT_SECRET_KEY",
    "HOST",
    "PORT",
)


SESSION_COOKIE = "cockpit_session"
PIXEL = b"\xff\xd8\xff\xe0" + bytes(32)
"""What a JPEG begins with: the interface looks at no more."""
RUNNING: dict[str, Product] = {}
"""Products by their address, for the browser of the tests to find out where it signs in."""


@dataclass
class Product:
    """A running product. `settings` are environment variables by their CONTRACT names."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    command: str = "run"
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    api_token: str = ""
    """Goes with every request unless the test says who asks; '' for a stranger."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """What it printed so far."""
        return (self.folder / "product.log").read_text(errors="replace")

    def environment(self) -> dict[str, str]:
        """Ours without a setting of this machine, plus those of the test."""
        inherited = {name: value for name, value in os.environ.items() if name not in NAMES}
        return {**inherited, "COCKPIT_DATA": str(self.folder), "PORT": str(self.port), **self.settings}

    def start(self, seconds: float = 240.0) -> Product:
        """Start it and wait until /readyz answers 200."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "product.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "manage.py"), self.command],
                cwd=ROOT, env=self.environment(), stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        wait_until(self._is_ready, seconds, f"the product on {self.url}")
        RUNNING[self.url] = self
        with self.people() as people:
            self.api_token = people.token()
        return self

    def people(self) -> AbstractContextManager[People]:
        """Whoever the test needs in this product's database."""
        given = self.settings.get("DATABASE_URL")
        url = (
            given.replace("postgresql://", "postgresql+psycopg://") if given else f"sqlite:///{self.folder}/cockpit.db"
        )
        return people_of(url, Path(self.settings.get("COCKPIT_CATALOGUE", str(ROOT))))

    def sign_in(self, role: str, region: str = "", department: str = "", person: str = "") -> dict[str, str]:
        """The headers of somebody signed in as holder of `role` there: `product.get(path, **product.sign_in(…))`.

        `person`: another one with the same role. The word against forgery comes along, as a page would send it.
        """
        with self.people() as people:
            cookie = f"{SESSION_COOKIE}={people.session(role, region, department, person)}"
        _, _, headers = self.get("/account", Cookie=cookie)
        word = headers.get("Set-Cookie", "").partition("_csrf_token=")[2].partition(";")[0]
        return {"Cookie": cookie, "X-CSRFToken": word}

    def _is_ready(self) -> bool:
        assert self.process
        assert self.process.poll() is None, f"ended by itself:\n{self.log[-3000:]}"
        try:
            return self.get("/readyz")[0] == 200
        except OSError:
            return False

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one manage.py command with the same settings."""
        return subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            cwd=ROOT, env=self.environment(), capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip

    def get(self, path: str, timeout: float = 10.0, **headers: str) -> tuple[int, bytes, dict[str, str]]:
        """Status, body and headers of a GET; error statuses are answers, not exceptions."""
        return self._send(urllib.request.Request(self.url + path, headers=self._named(headers)), timeout)

    def _named(self, headers: dict[str, str]) -> dict[str, str]:
        """The headers with the product's token, unless they say themselves who asks."""
        is_named = not self.api_token or "Cookie" in headers or "Authorization" in headers
        return headers if is_named else {"Authorization": f"Bearer {self.api_token}", **headers}

    def json(self, path: str) -> dict:
        """The JSON body of a GET that must succeed."""
        status, body, _ = self.get(path)
        assert status == 200, (path, status, body[:500])
        return json.loads(body)

    def post(self, path: str, body: object, timeout: float = 20.0, **headers: str) -> tuple[int, dict]:
        """Status and JSON answer of a POST of `body` as JSON."""
        request = urllib.request.Request(
            self.url + path, json.dumps(body).encode(), {"Content-Type": "application/json", **self._named(headers)}
        )
        status, answer, _ = self._send(request, timeout)
        return status, json.loads(answer or b"{}")

    def _send(self, request: urllib.request.Request, timeout: float) -> tuple[int, bytes, dict[str, str]]:
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, answer.read(), dict(answer.headers)
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read(), dict(refused.headers)

    def stop(self) -> None:
        """End it as a service manager would, then insist."""
        if not self.process or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)


def prepared_copy(prepared: Path, folder: Path) -> Path:
    """A data folder that is already filled, as after a first start."""
    shutil.copytree(prepared, folder, ignore=shutil.ignore_patterns("product.log", "*.pid"))
    return folder
