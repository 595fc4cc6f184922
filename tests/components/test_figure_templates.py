"""The figure templates: the same on the server and in the browser, in both schemes, and Plotly takes them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from components.figure_templates import NAMES, register, template
from components.tokens import tokens

NODE = shutil.which("node")
PARTS = Path(__file__).resolve().parents[2] / "assets" / "63-figure-parts.js"
PRINTS = """
const fs = require("node:fs"), vm = require("node:vm");
vm.runInThisContext(fs.readFileSync(process.argv[1], "utf8"));
const asked = JSON.parse(process.argv[2]);
console.log(JSON.stringify(cockpit.figureParts.template(asked.tokens, asked.rem, asked.tokens["f-num"])));
"""


@pytest.mark.skipif(not NODE and not os.environ.get("REQUIRE_ALL"), reason="node is not installed")
@pytest.mark.parametrize("scheme", list(NAMES))
@pytest.mark.parametrize("rem", [13, 16, 32])
def test_server_and_browser_draw_from_the_same_template(scheme, rem) -> None:
    assert NODE, "REQUIRE_ALL=1 and no node"
    asked = json.dumps({"tokens": dict(tokens(scheme)), "rem": rem})
    ran = subprocess.run(
        [NODE, "-e", PRINTS, str(PARTS), asked], capture_output=True, check=True, text=True, timeout=30
    )
    assert json.loads(ran.stdout) == template(scheme, rem)


def test_plotly_knows_both_by_name() -> None:
    register()
    import plotly.io as pio

    assert pio.templates["cz_dark"].layout.font.color == tokens("dark")["tx2"]
    assert pio.templates["cz_light"].layout.font.color == tokens("light")["tx2"]
    assert tokens("dark")["tx2"] != tokens("light")["tx2"]
