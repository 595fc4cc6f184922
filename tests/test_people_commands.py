"""manage.py user, token and sign-in as the one at the machine uses them; and the settings of people."""

from __future__ import annotations

import re

import pytest

import people_settings
from access import sealing
from manage import main
from people_settings import Unusable


@pytest.fixture
def manage(tmp_path, monkeypatch, capsys):
    """Run one command in an empty house: its exit code, what it printed, what it complained."""
    monkeypatch.setenv("COCKPIT_DATA", str(tmp_path))
    for name in ("DATABASE_URL", "HOST", "PUBLIC_URL", "COCKPIT_CATALOGUE"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main([*arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    yield run
    sealing.forget()


def test_an_account_is_opened_without_any_password_and_its_owner_gets_a_link(manage):
    code, said, _ = manage("user", "add", "王芳", "--role", "county_officer", "--region", "445122")
    assert code == 0 and re.search(r"http://127\.0\.0\.1:8050/sign-in/once/[\w-]{43}\n", said)
    assert "王芳\t正常\t从未登录\t县值班员（饶平县）" in manage("user", "list")[1]
    assert manage("user", "add", "王 芳")[0] == 1, "the same name in another spelling"
    again = manage("user", "passwd", "王芳")[1]
    assert "原口令已作废" in again and again.splitlines()[-1] not in said


def test_what_the_domain_refuses_is_one_sentence(manage):
    manage("user", "add", "lina", "--role", "county_officer", "--region", "445102")
    for arguments, sentence in (
        (("user", "grant", "lina", "auditor"), "掩盖自己的操作"),
        (("user", "grant", "lina", "no_such_role"), "没有角色“no_such_role”"),
        (("user", "grant", "lina", "city_leader", "--region", "445102"), "不能授在湘桥区这一级"),
        (("user", "disable", "nobody"), "没有账号“nobody”"),
        (("user", "add", "<script>"), "账号只能用"),
        (("token", "add", "x", "--right", "users.manage"), "没有这些权限"),
        (("token", "revoke", "7"), "没有这个令牌"),
        (("sign-in", "screen"), "没有角色“screen”"),
    ):
        code, _, complained = manage(*arguments)
        assert code == 1 and sentence in complained and "Traceback" not in complained, arguments


def test_a_name_of_the_unified_sign_in_is_linked_and_taken_off(manage, monkeypatch):
    manage("user", "add", "lina", "--role", "county_officer", "--region", "445102")
    manage("user", "add", "wangwei", "--role", "county_officer", "--region", "445103")
    assert "没有设置统一认证" in manage("user", "link", "lina", "7-9")[2]
    for name, value in (("ISSUER", "https://sso.example.gov/"), ("CLIENT_ID", "x"), ("CLIENT_SECRET", "y")):
        monkeypatch.setenv(f"OIDC_{name}", value)
    assert "https://sso.example.gov 的 7-9 登录后使用账号 lina" in manage("user", "link", "lina", "7-9")[1]
    assert manage("user", "list")[1].splitlines()[0].endswith("\t7-9")
    assert "已关联另一个账号" in manage("user", "link", "wangwei", "7-9")[2]
    assert manage("user", "link", "wangwei", "7-9", "--issuer", "gateway")[0] == 0, "another source's 7-9"
    assert "没有关联" in manage("user", "unlink", "wangwei", "7-9")[2]
    assert "已解除 lina" in manage("user", "unlink", "lina", "7-9")[1]
    assert manage("user", "link", "wangwei", "7-9")[0] == 0


def test_accounts_are_closed_opened_and_lose_roles(manage):
    manage("user", "add", "lina", "--role", "county_officer", "--region", "445102")
    assert "已停用 lina" in manage("user", "disable", "lina")[1]
    assert "lina\t停用" in manage("user", "list")[1]
    for act in ("enable", "unlock", "reset-second-factor"):
        assert manage("user", act, "lina")[0] == 0
    assert manage("user", "revoke", "lina", "county_officer", "--region", "445102")[0] == 0
    assert "未授权" in manage("user", "list")[1]
    code, said, _ = manage("audit", "verify")
    assert code == 0 and "完整" in said


def test_every_role_of_a_person_has_a_link_of_its_own_and_links_are_made_again_at_will(manage):
    code, said, _ = manage("sign-in")
    links = re.findall(r"/sign-in/once/([\w-]{43})", said)
    assert code == 0 and len(links) == len(set(links)) == 11
    assert "/county/445102" in said and "大屏" not in said
    assert not set(links) & set(re.findall(r"/sign-in/once/([\w-]{43})", manage("sign-in")[1]))
    one = manage("sign-in", "county_officer", "--region", "445122")[1]
    assert one.startswith("县值班员（饶平县）\t")


@pytest.mark.feature(97)
def test_a_token_is_shown_once_and_taken_back(manage):
    api = manage("token", "add", "省平台", "--region", "445102", "--right", "readings.push")[1]
    screen = manage("token", "add", "指挥大厅", "--screen")[1]
    assert "ckapi_" in api and "/sign-in/screen" in screen and "ckscr_" in screen
    listed = manage("token", "list")[1]
    assert "ckapi_" not in listed and "省平台" in listed and "指挥大厅" in listed
    assert manage("token", "revoke", "1")[0] == 0
    assert "已收回" in manage("token", "list")[1]


def test_check_reads_roles_too_and_tells_the_line(manage, tmp_path, monkeypatch):
    from pathlib import Path

    root = Path(people_settings.__file__).parent
    for name in ("indicators.yaml", "departments.yaml", "roles.yaml", "warnings.yaml", "working_calendar.yaml"):
        (tmp_path / name).write_bytes((root / name).read_bytes())
    monkeypatch.setenv("COCKPIT_CATALOGUE", str(tmp_path))
    assert "13 个角色" in manage("check")[1]
    wrong = (
        (tmp_path / "roles.yaml")
        .read_text(encoding="utf-8")
        .replace("audit.view, roles.view", "audit.view, events.close")
    )
    (tmp_path / "roles.yaml").write_text(wrong, encoding="utf-8")
    code, said, _ = manage("check")
    line = next(number for number, row in enumerate(wrong.splitlines(), 1) if "audit.view, events.close" in row)
    assert code == 1 and f"roles.yaml:{line}: roles.auditor.rights" in said


@pytest.mark.parametrize("key", ["", "short"])
def test_production_does_not_start_without_a_key_of_its_own(manage, monkeypatch, key):
    monkeypatch.setenv("COCKPIT_SECRET_KEY", key)
    code, _, complained = manage("up")
    assert code == 1 and "COCKPIT_SECRET_KEY" in complained


# Settings


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"PASSWORD_PROFILE": "weak"}, "PASSWORD_PROFILE=weak"),
        ({"SESSION_IDLE_MINUTES": "0"}, "SESSION_IDLE_MINUTES=0"),
        ({"SESSION_HOURS": "many"}, "SESSION_HOURS=many"),
        ({"TRUSTED_GATEWAY": "gateway.local"}, "gateway.local"),
        ({"GATEWAY_USER_HEADER": "X-User"}, "TRUSTED_GATEWAY"),
        ({"OIDC_ISSUER": "http://sso.example"}, "https://"),
        ({"OIDC_ISSUER": "https://sso.example"}, "OIDC_CLIENT_ID"),
        ({"OIDC_ISSUER": "https://sso.example", "OIDC_CLIENT_ID": "a"}, "OIDC_CLIENT_SECRET"),
    ],
)
def test_a_setting_about_people_that_cannot_be_used_is_named(environment, said):
    with pytest.raises(Unusable, match=re.escape(said)):
        people_settings.from_environment(environment)


def test_the_secret_of_the_provider_is_never_printed():
    environment = {"OIDC_ISSUER": "https://sso.example/", "OIDC_CLIENT_ID": "a", "OIDC_CLIENT_SECRET": "do-not-tell"}
    found = people_settings.from_environment({**environment, "TRUSTED_GATEWAY": "10.0.0.9, 10.1.0.0/16"})
    assert found.provider and found.provider.issuer == "https://sso.example"
    assert "do-not-tell" not in repr(found) + str(found.shown())
    assert found.front.user_header == "X-Remote-User" and len(found.front.gateways) == 2
