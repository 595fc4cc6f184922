"""The command line. Each command is one function; `python manage.py COMMAND --help` tells its options."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from commands import people_options
from commands.models import FileRefused, files, forecast, hotspots, route, watch
from settings import Settings, SettingsRefused, from_environment

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from commands.people import Desk
    from indicators.catalogue import Catalogue


def check(settings: Settings, wish: argparse.Namespace) -> int:
    """Validate the YAML files; every problem as file:line: path: message."""
    from access.territory import Territory
    from decisions.warning_rules import load as load_rules
    from dispatch.rulebook import problems_of as duty_problems
    from dispatch.working_calendar import problems_of as calendar_problems
    from indicators.catalogue import CatalogueErrors, load
    from indicators.roles_file import load as load_roles

    given = Path(wish.file) if wish.file else settings.catalogue_folder
    try:
        loaded = load(given)
        folder = given if given.is_dir() else given.parent
        roles = load_roles(folder, Territory.of(loaded))
        rules = load_rules(folder, loaded)
        if wrong := [*calendar_problems(folder, settings.now()), *duty_problems(loaded)]:
            raise CatalogueErrors(wrong)
    except CatalogueErrors as errors:
        for problem in errors.problems:
            print(problem)
        print(f"{len(errors.problems)} 处问题")
        return 1
    counted = f"{len(loaded.themes)} 个主题，{len(loaded.indicators)} 项指标，{len(loaded.duties.categories)} 类事件"
    print(f"{counted}，{len(roles.roles)} 个角色，{len(rules.rules)} 条预警规则，版本 {loaded.version}")
    return 0


def demo(settings: Settings, wish: argparse.Namespace) -> int:
    """Load the demo city: simulated values, marked as such for ever."""
    from demo_city import SEED, readiness
    from demo_city.events import load as load_events
    from demo_city.feed import canary_of
    from demo_city.history import load

    engine, catalogue = _opened(settings)
    seed = SEED if wish.seed is None else wish.seed
    summary = load(engine, catalogue, seed=seed, now=settings.now(), canary=wish.canary)
    print(f"演示城市（模拟数据）：{summary}")
    print(load_events(engine, catalogue, seed=seed, now=settings.now(), canary=wish.canary))
    readiness.load(engine, catalogue, seed, settings.now(), wish.canary)
    if wish.canary is not None:
        for county in catalogue.children(catalogue.city.code):
            print(f"{county.code} {county.name} {canary_of(wish.canary, county.code)}")
    return 0


def import_file(settings: Settings, wish: argparse.Namespace) -> int:
    """Take a CSV or XLSX of readings; every row is accounted for."""
    from access.actor import LOOPBACK
    from datasources.delivery.observation import SourceFailed
    from indicators.files import take_file
    from indicators.intake import UnknownSource

    engine, catalogue = _opened(settings)
    try:
        receipt = take_file(engine, catalogue, Path(wish.file), source=wish.source, by=LOOPBACK, now=settings.now())
    except (SourceFailed, UnknownSource, OSError) as problem:
        print(f"{wish.file}: {problem}", file=sys.stderr)
        return 1
    for held in receipt.held:
        print(f"第 {held.line or '-'} 行 隔离：{'；'.join(reason.message for reason in held.reasons)}")
    print(
        f"共 {receipt.rows} 行：taken {receipt.taken} 采纳，unchanged {receipt.unchanged} 未变，"
        f"quarantined {len(receipt.held)} 隔离"
    )
    for kind, count in receipt.skipped.items():
        print(f"不含数据的{SKIPPED.get(kind, kind)}：{count}")
    return 0


def import_events(settings: Settings, wish: argparse.Namespace) -> int:
    """Take a hotline's export (CSV or XLSX) of work orders; every row becomes an event once."""
    from access.actor import LOOPBACK
    from dispatch.hotline_file import FileRefused as HotlineRefused
    from dispatch.hotline_file import import_reports
    from dispatch.rulebook import rulebook

    engine, catalogue = _opened(settings)
    rules = rulebook(catalogue, settings.catalogue_folder)
    try:
        found = import_reports(engine, rules, Path(wish.file), by=LOOPBACK, now=settings.now)
    except (HotlineRefused, OSError) as problem:
        print(f"{wish.file}: {problem}", file=sys.stderr)
        return 1
    for line, reason in found.refused:
        print(f"第 {line} 行 未导入：{reason}")
    print(f"新增 {found.taken} 件，此前已有 {found.unchanged} 件，未导入 {len(found.refused)} 行")
    return 1 if found.refused else 0


SKIPPED = {
    "title": "标题行",
    "header": "表头行",
    "blank": "空行",
    "total": "合计行",
    "missing": "空单元格",
    "footnote": "注释行",
}
"""Lines of a file that carry no reading, in the words of those who sent it."""


def refresh(settings: Settings, wish: argparse.Namespace) -> int:
    """Fetch one source, or every source that is pulled, now."""
    from indicators.refresh import pulled_sources
    from indicators.refresh import refresh as refresh_one

    engine, catalogue = _opened(settings)
    failed = 0
    for key in [wish.source] if wish.source else pulled_sources(catalogue):
        outcome = refresh_one(engine, catalogue, key, now=settings.now())
        print(f"{key}: {outcome}")
        failed += not outcome.succeeded
    return 1 if failed else 0


def channels(settings: Settings, wish: argparse.Namespace) -> int:
    """Say which ways to departments are set up and answer; nothing is sent."""
    from commands.channels import channels as check_channels

    return check_channels(settings, wish)


def foresee(settings: Settings, wish: argparse.Namespace) -> int:
    """The night's batch: score the forecasts whose outcome is known, forecast every indicator anew."""
    from decisions.forecast_batch import run
    from decisions.warning_rules import load

    engine, catalogue = _opened(settings)
    if not wish.ahead:
        _night(settings, engine, catalogue)
        return 0
    rules = load(settings.catalogue_folder, catalogue).rules.values()
    ahead = sorted({rule.indicator for rule in rules if rule.measure == "forecast"})
    print(run(engine, catalogue, settings.now(), codes=ahead), flush=True)
    return 0


def _night(settings: Settings, engine: Engine, catalogue: Catalogue) -> None:
    from decisions.economy_batch import run as look_at_economy
    from decisions.forecast_batch import run

    print(f"预测：{run(engine, catalogue, settings.now())}", flush=True)
    print(f"经济运行模型：{look_at_economy(engine, catalogue, settings.now())} 项结果", flush=True)


def learn(settings: Settings, wish: argparse.Namespace) -> int:
    """Train the router of messages from handled events, and keep its figures on events it had not seen."""
    from decisions.router_training import learn as learn_world
    from dispatch.rulebook import rulebook

    engine, catalogue = _opened(settings)
    rules = rulebook(catalogue, settings.catalogue_folder)
    for world in ("real", *(("demo",) if catalogue.demo_city else ())):
        print(f"{world}：{learn_world(engine, rules, settings.data_folder, world, settings.now())}", flush=True)
    return 0


def audit(settings: Settings, wish: argparse.Namespace) -> int:
    """The record of who did what: verify it, pin it outside the database, hand it out, let old rows go."""
    from commands.audit import ACTS

    return ACTS[wish.what](settings, _opened(settings)[0], wish)


def reseal(settings: Settings, wish: argparse.Namespace) -> int:
    """Seal every encrypted field anew with the algorithms and the key now in use."""
    from commands.audit import reseal_everything

    return reseal_everything(settings, _opened(settings)[0])


def user(settings: Settings, wish: argparse.Namespace) -> int:
    """Accounts: open, close, give roles, send a link for a new password."""
    from commands.people import USER

    return _with_people(settings, wish, USER[wish.what])


def token(settings: Settings, wish: argparse.Namespace) -> int:
    """Tokens of programs and screens: make, take back, list."""
    from commands.people import TOKEN

    return _with_people(settings, wish, TOKEN[wish.what])


def sign_in(settings: Settings, wish: argparse.Namespace) -> int:
    """Print a link that signs in once in a role (in each, if none is named), for a look around at this machine."""
    from commands.people import sign_in as act

    return _with_people(settings, wish, act)


def run(settings: Settings, wish: argparse.Namespace) -> int:
    """Everything on one port of this machine, for a handful of viewers."""
    import launch

    launch.claim(settings.host, settings.port)
    launch.finish("prepare")
    _print_addresses(settings)
    _print_sign_ins()
    parts = [launch.pages(settings.host, settings.port, workers=1, threads=64), launch.timetable()]
    launch.Parts(parts, {**os.environ, "COCKPIT_DATA": str(settings.data_folder)}).run()
    return 0


def up(settings: Settings, wish: argparse.Namespace) -> int:
    """The production layout on one machine: page workers, the live program, the timetable."""
    import launch

    if len(os.environ.get("COCKPIT_SECRET_KEY") or "") < _SHORTEST_KEY:
        raise SettingsRefused("COCKPIT_SECRET_KEY：正式运行必须设置（不少于 32 个字符的随机串）")
    for port in (settings.port, settings.port + 1):
        launch.claim(settings.host, port)
    launch.finish("prepare")
    _print_addresses(settings)
    parts = [
        launch.pages(settings.host, settings.port, workers=settings.workers, threads=16),
        launch.live(settings.host, settings.port + 1),
        launch.timetable(),
    ]
    counters = launch.emptied(settings.data_folder / "metrics")
    shared = {"COCKPIT_DATA": str(settings.data_folder), "PROMETHEUS_MULTIPROC_DIR": str(counters)}
    launch.Parts(parts, {**os.environ, **shared}).run()
    return 0


def prepare(settings: Settings, wish: argparse.Namespace) -> int:
    """Bring the database up to date; on the first start load the published figures and the demo city."""
    from decisions.night import never_ran
    from demo_city import SEED, event_reviews, events, readiness
    from demo_city.history import is_loaded, load
    from dispatch.facts_store import keep_facts
    from dispatch.rulebook import rulebook
    from indicators.published_figures import load as load_published

    engine, catalogue = _opened(settings)
    load_published(engine, catalogue, now=settings.now())
    if catalogue.demo_city and not is_loaded(engine):
        print("首次启动：正在生成演示城市（模拟数据），约一分钟……", flush=True)
        print(load(engine, catalogue, seed=SEED, now=settings.now()), flush=True)
    if catalogue.demo_city and not events.is_loaded(engine):
        print(events.load(engine, catalogue, seed=SEED, now=settings.now()), flush=True)
        readiness.load(engine, catalogue, SEED, settings.now())
    rules = rulebook(catalogue, settings.catalogue_folder)
    keep_facts(engine, rules, settings.now())
    event_reviews.plant(engine, rules, settings.now())
    if never_ran(engine):
        _night(settings, engine, catalogue)
    engine.dispose()
    return 0


def _opened(settings: Settings) -> tuple[Engine, Catalogue]:
    from database.engine import open_engine
    from database.migrate import migrate
    from indicators.catalogue import load

    catalogue = load(settings.catalogue_folder)
    engine = open_engine(settings.database_url)
    migrate(engine)
    return engine, catalogue


def _with_people(settings: Settings, wish: argparse.Namespace, act: Callable[[Desk, argparse.Namespace], None]) -> int:
    from access.rules import Rules
    from access.territory import Territory
    from commands.people import REFUSALS, Desk
    from indicators.roles_file import load as load_roles

    engine, catalogue = _opened(settings)
    territory = Territory.of(catalogue)
    rules = Rules(load_roles(settings.catalogue_folder, territory), territory, settings.people.passwords)
    try:
        act(Desk(settings, engine, rules), wish)
    except REFUSALS as refused:
        print(refused, file=sys.stderr)
        return 1
    return 0


def _print_addresses(settings: Settings) -> None:
    base = settings.public_url
    print(f"领导驾驶舱  {base}/\n指挥大屏    {base}/wall\n值班工作台  {base}/desk")
    print(f"手机页      {base}/m\n接口文档    {base}/api/v1/docs", flush=True)
    if settings.host not in _THIS_MACHINE and not base.startswith("https://"):
        print("注意：正以明文 HTTP 对外监听，口令和数据可能被窃听。请在前面配置 HTTPS，并设 PUBLIC_URL。", flush=True)


_SHORTEST_KEY = 32
_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})


def _print_sign_ins() -> None:
    import launch

    print(
        "\n本机试用：每个链接只能登录一次，24 小时内有效；正式账号用 manage.py user add 开户，没有默认口令。",
        flush=True,
    )
    launch.finish("sign-in")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="manage.py", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, act: Callable[[Settings, argparse.Namespace], int]) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=(act.__doc__ or "").partition("\n")[0], description=act.__doc__)
        made.set_defaults(act=act)
        return made

    command("check", check).add_argument("file", nargs="?", help="a YAML file or folder")
    asked = command("demo", demo)
    asked.add_argument("--canary", metavar="SEED", help="put a unique text per county in every text field")
    asked.add_argument("--seed", type=int, help="another city; the usual one if missing")
    asked = command("import", import_file)
    asked.add_argument("file")
    asked.add_argument("--source", required=True, metavar="KEY")
    command("import-events", import_events).add_argument("file", help="CSV or XLSX of a hotline's work orders")
    command("channels", channels).add_argument("what", choices=["check"])
    command("refresh", refresh).add_argument("source", nargs="?")
    asked = command("forecast", forecast)
    files(asked)
    asked.add_argument("--horizon", type=int, required=True, metavar="H", help="steps ahead")
    asked.add_argument("--period", type=int, required=True, metavar="M", help="steps of one season; 1 for none")
    command("foresee", foresee).add_argument("--ahead", action="store_true", help="only what rules of warning look at")
    command("learn", learn)
    asked = command("route", route)
    files(asked)
    asked.add_argument("--train", required=True, metavar="TRAIN.csv", help="text,label")
    files(command("hotspots", hotspots))
    files(command("watch", watch))
    asked = command("audit", audit)
    asked.add_argument("what", choices=["verify", "anchor", "export", "let-go"])
    asked.add_argument("--output", metavar="FILE.csv", help="for export; the screen if missing")
    asked.add_argument("--since", metavar="2026-11-01", help="for export: from this day in the city")
    asked.add_argument("--until", metavar="2026-12-01", help="for export: before this day in the city")
    asked.add_argument("--days", type=int, metavar="N", help="for let-go: what is older goes, 180 at least")
    command("reseal", reseal)
    people_options.of_user(command("user", user))
    people_options.of_token(command("token", token))
    people_options.of_sign_in(command("sign-in", sign_in))
    command("prepare", prepare)
    command("run", run)
    command("up", up)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run one command; problems a person can mend are printed, not traced."""
    from launch import PortTaken

    wish = _parser().parse_args(arguments)
    try:
        settings = from_environment()
        return int(wish.act(settings, wish)) if wish.act in (run, up) else _work(settings, wish)
    except (SettingsRefused, PortTaken, FileRefused) as refused:
        print(refused, file=sys.stderr)
    return 1


def _work(settings: Settings, wish: argparse.Namespace) -> int:
    """A command that opens things itself; `run` and `up` only watch over others that do, and stay small."""
    from access import sealing
    from indicators.catalogue import CatalogueErrors

    sealing.use(settings.keyring())
    try:
        return int(wish.act(settings, wish))
    except CatalogueErrors as errors:
        for problem in errors.problems:
            print(problem, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
