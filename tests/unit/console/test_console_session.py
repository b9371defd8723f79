from __future__ import annotations

import jwt
import pytest
from console_rig import KEY, Console

from dispatcher.faces.console.session import COOKIE, Brake


@pytest.mark.parametrize(
    "path", ["/console", "/console/new", "/console/incidents/1", "/console/deliveries/1", "/console/nowhere"]
)
async def test_whoever_is_not_logged_in_is_led_to_the_log_in_and_back(console: Console, path: str) -> None:
    answer = await console.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/console/login?next={path.replace('/', '%2F')}"
    assert (await console.log_in(target=path)).headers["location"] == path


async def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(console: Console) -> None:
    cookie = (await console.log_in()).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Path=/console" in cookie
    assert "Secure" not in cookie  # the public address of this installation is http
    assert KEY not in cookie
    assert (await console.get("/console")).status_code == 200


async def test_a_wrong_key_is_refused_and_not_shown_again(console: Console) -> None:
    answer = await console.log_in("not-the-key")
    assert answer.status_code == 401
    assert "not known here" in answer.text
    assert "not-the-key" not in answer.text
    assert "set-cookie" not in answer.headers


async def test_guessing_is_slowed_down(console: Console) -> None:
    for _ in range(10):
        await console.log_in("guess")
    answer = await console.log_in()
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


def test_the_brake_lets_go_after_a_while_and_forgets_the_oldest() -> None:
    moment = [0.0]
    brake = Brake(tries=2, within=60, most=2, clock=lambda: moment[0])
    brake.note_wrong("a")
    assert brake.wait("a") == 0
    brake.note_wrong("a")
    assert brake.wait("a") == 60
    assert brake.wait("b") == 0
    moment[0] = 61
    assert brake.wait("a") == 0
    for who in "abc":
        brake.note_wrong(who)
        brake.note_wrong(who)
    assert brake.wait("a") == 0
    assert brake.wait("c") == 60


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/consolefoo", "/console/\\evil", "/api"])
async def test_the_log_in_leads_nowhere_else(console: Console, target: str) -> None:
    assert (await console.log_in(target=target)).headers["location"] == "/console"


async def test_a_cookie_signed_by_somebody_else_or_not_at_all_is_worth_nothing(console: Console) -> None:
    claims = {"aud": "console", "sub": "Ada", "csrf": "x", "key": "y", "iat": 1, "exp": 9999999999}
    for cookie in (
        jwt.encode(claims, "another secret of sufficient length", "HS256"),
        jwt.encode(claims, None, "none"),
    ):
        assert (await console.get("/console", cookie=f"{COOKIE}={cookie}")).status_code == 303


async def test_a_key_that_was_taken_away_ends_its_sessions(inside: Console) -> None:
    inside.here.settings.api_keys.clear()  # type: ignore[attr-defined]
    assert (await inside.get("/console")).status_code == 303


async def test_logging_out_needs_the_forms_own_token(inside: Console) -> None:
    assert (await inside.post("/console/logout", {"csrf": ""})).status_code == 403
    token = (await inside.form("/console/new?playbook=generic"))["csrf"]
    answer = await inside.post("/console/logout", {"csrf": token})
    assert answer.headers["location"] == "/console/login"
    assert (await inside.get("/console")).status_code == 303


async def test_a_form_of_another_site_is_refused(inside: Console) -> None:
    form = await inside.form("/console/new?playbook=generic") | {"do": "send"}
    for headers in ({"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}):
        assert (await inside.post("/console/new", form, **headers)).status_code == 403
    assert inside.incidents() == []
    assert (await inside.post("/console/new", form, origin="http://127.0.0.1:8080")).status_code == 303


async def test_coming_from_another_site_one_lands_on_a_page_that_goes_on_by_itself(console: Console) -> None:
    answer = await console.get("/console", **{"sec-fetch-site": "cross-site"})
    assert answer.status_code == 200
    assert 'http-equiv="refresh"' in answer.text


@pytest.mark.parametrize("path", ["/console/login", "/console", "/console/nowhere", "/console/static/console.css"])
async def test_every_answer_carries_the_headers_that_keep_others_out(inside: Console, path: str) -> None:
    headers = (await inside.get(path)).headers
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "unsafe" not in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == ("no-cache" if "static" in path else "no-store")


async def test_static_files_are_kept_by_browsers_until_they_change(console: Console) -> None:
    page = (await console.get("/console/login")).text
    page = page.partition('stylesheet" href="')[2]
    address = page.partition('"')[0]
    answer = await console.get(address)
    assert answer.headers["content-type"].startswith("text/css")
    assert "immutable" in answer.headers["cache-control"]
    assert (await console.get("/console/static/../base.html")).status_code in {303, 404}
    assert (await console.get("/console/static/secret")).status_code == 404


async def test_a_session_that_ended_while_typing_keeps_what_was_typed(console: Console) -> None:
    answer = await console.post("/console/new", {"playbook": "generic", "title": "Sign-in is slow", "do": "send"})
    assert answer.status_code == 401
    assert 'value="Sign-in is slow"' in answer.text
    assert console.incidents() == []
