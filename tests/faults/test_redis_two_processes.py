"""Real processes that share nothing but Redis still compute an answer once between them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import redis

pytestmark = [pytest.mark.redis, pytest.mark.feature(39)]

ROOT = Path(__file__).resolve().parents[2]
CALLER = """
import sys
sys.path.insert(0, "tests/database")
import redis
from query_cache_parts import World, ask, together
url = sys.argv[1]
world, counter = World(), redis.Redis.from_url(url)
cache = world.cache(link=world.link(url))

def build():
    counter.incr("runs")
    counter.blpop("gate", timeout=5)
    return b"one"

counter.incr("ready")
counter.blpop("start", timeout=10)
answers = together(20, lambda: ask(cache, build).body)
print(set(answers))
world.end()
"""


def test_three_processes_of_twenty_callers_compute_once(redis_up) -> None:
    from servers import wait_until

    admin = redis.Redis.from_url(redis_up.url)
    command = [sys.executable, "-c", CALLER, redis_up.url]
    callers = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    wait_until(lambda: int(admin.get("ready") or 0) == 3, 30, "the callers")
    admin.rpush("start", *"abc")
    wait_until(lambda: admin.get("runs"), 10, "the first computation")
    admin.rpush("gate", *"abc")
    told = [caller.communicate(timeout=30)[0].strip() for caller in callers]
    assert told == ["{b'one'}"] * 3
    assert int(admin.get("runs") or 0) == 1
