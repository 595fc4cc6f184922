"""What a wall reads out: with a recorder in place of the machine's voice; once across reloads, mute in sight."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.feature(82)]

RECORDER = """
  window.heard = [];
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
  Object.defineProperty(window, 'speechSynthesis', { value: {
    getVoices: () => [{ lang: 'zh-CN', name: '记录', localService: true }], cancel() {},
    speak(told) { window.heard.push(told); setTimeout(() => told.onend && told.onend(), 0); },
  } });
"""
LINE = '<li data-alert="{key}" data-level="{level}" data-say="红色警情，{words}">红色：{words}</li>'


def news(*alerts: tuple[str, int, str]) -> str:
    return "<ul>" + "".join(LINE.format(key=key, level=level, words=words) for key, level, words in alerts) + "</ul>"


def test_a_wall_says_what_is_new_once_and_can_be_muted(running_product, browse) -> None:
    watched = browse(f"{running_product.url}/desk?world=demo", before=RECORDER)
    page, told = watched.page, {"body": news(("old", 1, "旧警情"))}
    answers = {"n": 0}

    def answer(route) -> None:
        answers["n"] += 1
        headers = {"ETag": f'"{answers["n"]}"', "X-Topics": "events:demo"}
        route.fulfill(body=told["body"], headers=headers, content_type="text/html")

    page.route("**/panel/wall-news**", answer)
    page.goto(f"{running_product.url}/wall?world=demo&sound=1")
    watched.settled()
    page.evaluate("localStorage.removeItem('speech')")
    page.reload()
    watched.settled()
    assert page.evaluate("heard.length") == 0, "a new screen takes what is there as known"
    told["body"] = news(("old", 1, "旧警情"), ("new", 1, "韩江水位3.5 m"))
    page.evaluate("cockpit.news.ask()")
    watched.until("heard.length === 1 && heard[0].lang === 'zh-CN' && heard[0].text.includes('三点五米')")
    watched.until("document.querySelector('#speech .w').textContent.includes('韩江水位3.5 m')")
    page.reload()
    watched.settled()
    page.evaluate("cockpit.news.ask()")
    assert page.evaluate("heard.length") == 0, "never twice for the same thing across reloads"
    told["body"] = news(("old", 1, "旧警情"), ("new", 1, "韩江水位3.5 m"), ("third", 1, "第三件"))
    page.evaluate("cockpit.speech.mute()")
    page.evaluate("cockpit.news.ask()")
    watched.until("document.querySelector('#speech button').textContent.includes('静音至')")
    watched.until("JSON.parse(localStorage.getItem('speech')).said.third")
    assert page.evaluate("heard.length") == 0
