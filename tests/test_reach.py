"""Other devices reach it: address, certificate, plain HTTP led on, proxies, the outsiders' address.

What is hostile here is harmless: headers that claim to come from elsewhere."""

from __future__ import annotations

import http.client
import socket
import ssl
import subprocess
import time
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

import commands
import connections
import serving
from app import create_app
from gateway import client_of, scheme_of
from integrity import authority
from integrity.authority import SOON, Certificate, Validity
from integrity.reach import Outside, Pair, Reach, read_reach
from tests.machine import program
from tests.makers.people import PASSWORD, sign_in
from tests.test_commands import run  # noqa: F401

NOW = datetime(2026, 5, 4, 8, tzinfo=UTC)
NAMES = ("cordbook.example.org", "192.168.1.20")


# What is read from the environment
# -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"HOST": "0.0.0.0"}, "in the clear"),
        ({"HOST": "192.168.1.20"}, "in the clear"),
        ({"HOST": "::"}, "in the clear"),
        ({"CORDBOOK_PUBLIC_HOST": "0.0.0.0", "CORDBOOK_PUBLIC_PORT": "8001"}, "in the clear"),
        ({"HOST": "a b"}, "HOST is 'a b'"),
        ({"HOST": "x" * 64}, "HOST is"),
        ({"PORT": "0x50"}, "PORT is"),
        ({"CORDBOOK_PROXIES": "nginx"}, "CORDBOOK_PROXIES is 'nginx'"),
        ({"CORDBOOK_PROXIES": "10.0.0.1/8"}, "CORDBOOK_PROXIES is"),
        ({"CORDBOOK_CERTIFICATE": "x.pem"}, "go together"),
        ({"CORDBOOK_KEY": "x.pem"}, "go together"),
        ({"CORDBOOK_CERTIFICATE": "/none.pem", "CORDBOOK_KEY": "/none.key"}, "is no file"),
        ({"CORDBOOK_PUBLIC_PORT": "http"}, "CORDBOOK_PUBLIC_PORT is 'http'"),
        ({"CORDBOOK_PUBLIC_URL": "certificates"}, "CORDBOOK_PUBLIC_URL is"),
    ],
)
def test_what_cannot_be_is_one_sentence_that_names_the_setting(given, sentence, tmp_path):
    with pytest.raises(ValueError, match=sentence):
        read_reach(given, tmp_path)


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"PORT": "9000"}, "http://127.0.0.1:9000"),
        ({"HOST": "::1"}, "http://[::1]:8000"),
        ({"HOST": "0.0.0.0", "CORDBOOK_PROXIES": "10.0.0.1"}, "http://127.0.0.1:8000"),
        ({"CORDBOOK_URL": "https://site.example.org/"}, "https://site.example.org"),
    ],
)
def test_the_address_in_codes_is_the_one_that_is_named_or_follows(given, address, tmp_path):
    assert read_reach(given, tmp_path).address == address


def test_with_a_certificate_the_address_is_its_first_name_by_https(tmp_path):
    authority.certify(tmp_path, NAMES, at=datetime.now(UTC))
    made = read_reach({"HOST": "0.0.0.0", "PORT": "8443", "CORDBOOK_HTTP_PORT": "8080"}, tmp_path)
    assert made.address == made.public_address == "https://cordbook.example.org:8443"
    assert made.names == ("cordbook.example.org", "localhost", "192.168.1.20", "127.0.0.1")
    assert made.plain_port == 8080
    assert read_reach({"PORT": "443"}, tmp_path).address == "https://cordbook.example.org"
    with pytest.raises(ValueError, match="write it with https://"):
        read_reach({"CORDBOOK_URL": "http://cordbook.example.org"}, tmp_path)


def test_a_given_key_that_others_can_read_is_refused(tmp_path):
    authority.certify(tmp_path, NAMES, at=NOW)
    kept = tmp_path / "given.pem"
    kept.write_bytes(authority.server_file(tmp_path).read_bytes())
    given = {"CORDBOOK_CERTIFICATE": str(kept), "CORDBOOK_KEY": str(kept)}
    kept.chmod(0o644)
    with pytest.raises(ValueError, match="chmod 600"):
        read_reach(given, tmp_path)
    kept.chmod(0o600)
    assert read_reach(given, tmp_path).pair == Pair(kept, kept)
    kept.write_text("no certificate")
    with pytest.raises(ValueError, match="holds no certificate"):
        read_reach(given, tmp_path)


# The site's own authority
# -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "stands"),
    [
        (NOW - timedelta(seconds=1), Validity.NOT_YET),
        (NOW, Validity.VALID),
        (NOW + timedelta(days=60) - SOON, Validity.VALID),
        (NOW + timedelta(days=60) - SOON + timedelta(seconds=1), Validity.SOON_OVER),
        (NOW + timedelta(days=60), Validity.SOON_OVER),
        (NOW + timedelta(days=60, seconds=1), Validity.OVER),
    ],
)
def test_a_certificate_is_valid_from_one_edge_to_the_other(moment, stands):
    assert Certificate(("x",), NOW, NOW + timedelta(days=60), "AA").at(moment) is stands


def verified(folder: Path, at: datetime, *more: str) -> bool:
    """Whether openssl takes the server's certificate at a moment, trusting the authority alone."""
    leaf = folder / "leaf.pem"
    pem = authority.server_file(folder).read_text()
    leaf.write_text(pem[pem.index("-----BEGIN CERTIFICATE") :])
    trusted = str(authority.authority_file(folder))
    words = ["-CAfile", trusted, "-no-CApath", "-x509_strict", "-purpose", "sslserver"]
    try:
        program("openssl", "verify", *words, "-attime", str(int(at.timestamp())), *more, str(leaf))
    except subprocess.CalledProcessError:
        return False
    return True


def test_openssl_takes_the_chain_between_both_edges_for_its_names_alone(tmp_path):
    made, above = authority.certify(tmp_path, NAMES, at=NOW)
    second = timedelta(seconds=1)
    assert [verified(tmp_path, at) for at in (made.begins, NOW, made.ends - second)] == [True] * 3
    assert not verified(tmp_path, made.begins - second)
    assert not verified(tmp_path, made.ends + second)
    assert verified(tmp_path, NOW, "-verify_hostname", "cordbook.example.org")
    assert verified(tmp_path, NOW, "-verify_ip", "192.168.1.20")
    assert not verified(tmp_path, NOW, "-verify_hostname", "bank.example.com")
    said = program(
        "openssl", "x509", "-in", str(authority.authority_file(tmp_path)), "-noout",
        "-fingerprint", "-sha256",
    ).stdout.decode()  # fmt: skip
    assert said.strip().endswith(f"={above.fingerprint}")
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "tls").iterdir()}
    assert modes == {"authority.key": 0o600, "authority.pem": 0o600, "server.pem": 0o600}


def test_the_authority_vouches_for_nothing_beyond_the_site(tmp_path):
    """Somebody with its key makes a certificate of another host: nobody who trusts it takes it."""
    authority.certify(tmp_path, NAMES, at=NOW)
    above = authority._loaded(authority.authority_file(tmp_path))
    for name in ("bank.example.com", "198.51.100.7"):
        authority._make_server(tmp_path, above, (name,), NOW)
        assert not verified(tmp_path, NOW), name
    for name in ("cordbook.example.org", "east.cordbook.example.org", "10.9.8.7", "fd00::7"):
        authority._make_server(tmp_path, above, (name,), NOW)
        assert verified(tmp_path, NOW), name


def test_the_command_makes_renews_and_says_what_tablets_compare(run, tmp_path):  # noqa: F811
    data = tmp_path / "var"
    assert "Name what tablets type" in run("certificate").err
    first = run("certificate", *NAMES)
    above = authority.read(authority.authority_file(data))
    assert first.code == 0 and above.fingerprint in first.out
    renewed = run("certificate")
    assert renewed.code == 0 and above.fingerprint in renewed.out
    assert authority.read(authority.server_file(data)).names[0] == NAMES[0]
    beyond = run("certificate", "elsewhere.example.com")
    assert (beyond.code, "does not vouch for elsewhere.example.com" in beyond.err) == (2, True)
    assert "neither a host's name" in run("certificate", "a b").err
    anew = run("certificate", "--new-authority", "elsewhere.example.com")
    assert anew.code == 0 and above.fingerprint not in anew.out


# Who asks
# -------------------------------------------------------------------------------------------------

ONE = (ip_network("10.0.0.1"),)
TWO = (ip_network("10.0.0.1"), ip_network("10.0.0.2"))
HOUSE = (ip_network("10.0.0.0/24"),)
DEVICE_ADDRESS = "192.168.1.77"


@pytest.mark.parametrize(
    ("peer", "said", "proxies", "who"),
    [
        (DEVICE_ADDRESS, "", (), DEVICE_ADDRESS),
        (DEVICE_ADDRESS, "1.2.3.4", (), DEVICE_ADDRESS),
        (DEVICE_ADDRESS, "1.2.3.4", ONE, DEVICE_ADDRESS),
        ("10.0.0.1", "", ONE, "10.0.0.1"),
        ("10.0.0.1", DEVICE_ADDRESS, (), "10.0.0.1"),
        ("10.0.0.1", DEVICE_ADDRESS, ONE, DEVICE_ADDRESS),
        ("10.0.0.1", f"1.2.3.4, {DEVICE_ADDRESS}", ONE, DEVICE_ADDRESS),
        ("10.0.0.1", f"1.2.3.4,10.0.0.1,{DEVICE_ADDRESS}", ONE, DEVICE_ADDRESS),
        ("10.0.0.1", f"10.0.0.1, 10.0.0.1, 1.2.3.4, {DEVICE_ADDRESS}", TWO, DEVICE_ADDRESS),
        ("10.0.0.1", f"{DEVICE_ADDRESS}, 10.0.0.2", TWO, DEVICE_ADDRESS),
        ("10.0.0.1", f"1.2.3.4, {DEVICE_ADDRESS}, 10.0.0.2", TWO, DEVICE_ADDRESS),
        ("10.0.0.1", f"1.2.3.4, {DEVICE_ADDRESS}, 10.0.0.2", ONE, "10.0.0.2"),
        ("10.0.0.9", f"{DEVICE_ADDRESS}, 10.0.0.2", TWO, "10.0.0.9"),
        ("10.0.0.9", DEVICE_ADDRESS, HOUSE, DEVICE_ADDRESS),
        ("10.0.1.9", DEVICE_ADDRESS, HOUSE, "10.0.1.9"),
        ("10.0.0.9", f"{DEVICE_ADDRESS}, 10.0.0.8", HOUSE, "10.0.0.8"),
        ("::ffff:10.0.0.1", DEVICE_ADDRESS, ONE, DEVICE_ADDRESS),
        ("10.0.0.1", f"{DEVICE_ADDRESS}:50123", ONE, DEVICE_ADDRESS),
        ("10.0.0.1", "[fd00::7]:50123", ONE, "fd00::7"),
        ("10.0.0.1", '"[fd00::7]"', ONE, "fd00::7"),
        ("10.0.0.1", "unknown", ONE, "10.0.0.1"),
        ("10.0.0.1", f"{DEVICE_ADDRESS}, <b>", ONE, "10.0.0.1"),
        ("10.0.0.1", ", ,", ONE, "10.0.0.1"),
        ("10.0.0.1", "1.2.3.4 " * 9000, ONE, "10.0.0.1"),
        ("", DEVICE_ADDRESS, ONE, ""),
    ],
)
def test_the_device_is_followed_back_through_named_proxies_and_no_further(peer, said, proxies, who):
    assert client_of(peer, said, proxies) == who


@pytest.mark.parametrize(
    ("spoken", "peer", "said", "scheme"),
    [
        ("http", "10.0.0.1", "https", "https"),
        ("https", "10.0.0.1", "http", "http"),
        ("http", "10.0.0.1", "http, https", "https"),
        ("http", "10.0.0.1", "https, http", "http"),
        ("http", "10.0.0.1", "HTTPS ", "https"),
        ("http", "10.0.0.1", "javascript", "http"),
        ("http", "10.0.0.1", "", "http"),
        ("http", DEVICE_ADDRESS, "https", "http"),
        ("https", DEVICE_ADDRESS, "http", "https"),
    ],
)
def test_the_scheme_is_what_was_spoken_or_what_the_nearest_named_proxy_says(
    spoken, peer, said, scheme
):
    assert scheme_of(spoken, peer, said, ONE) == scheme


# The real server
# -------------------------------------------------------------------------------------------------


@contextmanager
def listening(application, reach):
    """The servers of a process in a thread; gives their ports."""
    import threading

    servers = serving.listening(application, reach)
    thread = threading.Thread(target=servers[0].run, daemon=True)
    thread.start()
    try:
        yield [int(each.effective_port) for each in servers]
    finally:
        servers[0].asyncore.close_all(servers[0]._map)
        servers[0].task_dispatcher.shutdown()
        thread.join(timeout=5)


def asked(port, path="/sign-in", *, trusted=None, method="GET", body=None, headers=None):
    """(status, headers, body) as a client gets it that trusts this authority alone, or none."""
    if trusted:
        context = ssl.create_default_context(cafile=trusted)
        client = http.client.HTTPSConnection("127.0.0.1", port, timeout=10, context=context)
    else:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with closing(client):
        client.request(method, path, body=body, headers=headers or {})
        answer = client.getresponse()
        return answer.status, answer.headers, answer.read()


@pytest.fixture
def secured(sqlite, tmp_path):
    """The application with a certificate of its own authority, served on three ports."""
    authority.certify(tmp_path, NAMES, at=datetime.now(UTC))
    made = authority.server_file(tmp_path)
    reach = Reach(
        port=0,
        address="https://cordbook.example.org",
        public_address="https://certificates.example.org",
        pair=Pair(made, made),
        names=authority.read(made).names,
        plain_port=0,
        outside=Outside("127.0.0.1", 0),
    )
    application = create_app(
        sqlite,
        "not a secret: a test",
        address=reach.address,
        AUTHORITY=authority.authority_file(tmp_path),
    )
    with listening(application, reach) as ports:
        yield application, ports, authority.authority_file(tmp_path)


def test_a_client_that_trusts_the_authority_alone_reads_a_page_by_https(secured):
    _, (port, _, _), trusted = secured
    status, headers, page = asked(port, trusted=trusted)
    assert status == 200 and b"Sign in" in page
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Secure" in headers["Set-Cookie"] and "HttpOnly" in headers["Set-Cookie"]
    with pytest.raises(ssl.SSLCertVerificationError):
        client = http.client.HTTPSConnection("127.0.0.1", port, timeout=10)
        client.request("GET", "/sign-in")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_connections_are_kept_and_large_bodies_go_both_ways(version, secured):
    _, (port, _, _), trusted = secured
    context = ssl.create_default_context(cafile=trusted)
    context.minimum_version = context.maximum_version = version
    client = http.client.HTTPSConnection("127.0.0.1", port, timeout=10, context=context)
    with closing(client):
        for _ in range(5):
            client.request("GET", "/sign-in")
            answer = client.getresponse()
            assert answer.status == 200 and answer.read()
        client.request("POST", "/c/none", body=b"x" * 3_000_000)
        assert client.getresponse().read()


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1")
def test_tls_1_1_is_not_spoken(secured):
    _, (port, _, _), trusted = secured
    context = ssl.create_default_context(cafile=trusted)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1_1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    client = http.client.HTTPSConnection("127.0.0.1", port, timeout=10, context=context)
    with closing(client), pytest.raises((ssl.SSLError, ConnectionError)):
        client.request("GET", "/sign-in")


@pytest.mark.parametrize("place", [0, 1], ids=["on the same port", "on a port of its own"])
@pytest.mark.parametrize(
    ("path", "host", "where"),
    [
        ("/batches?page=2", "cordbook.example.org", "https://cordbook.example.org/batches?page=2"),
        ("/sign-in", "evil.example.com", "https://cordbook.example.org/sign-in"),
        ("/sign-in", "", "https://cordbook.example.org/sign-in"),
        ("//evil.example.com/x", "x", "https://cordbook.example.org/evil.example.com/x"),
        ("/%0d%0aSet-Cookie:x", "a\tb", "https://cordbook.example.org/%0D%0ASet-Cookie:x"),
    ],
)
def test_a_request_in_the_clear_is_led_to_https_and_to_no_other_host(
    place, path, host, where, secured
):
    status, headers, _ = asked(secured[1][place], path, headers={"Host": host})
    assert (status, headers["Location"]) == (308, where)
    assert "Set-Cookie" not in headers


def test_under_another_name_of_the_certificate_it_is_led_to_that_name(secured):
    headers = asked(secured[1][0], headers={"Host": "192.168.1.20:80"})[1]
    assert headers["Location"].startswith("https://192.168.1.20:")


def test_nothing_is_taken_in_the_clear(secured):
    status, _, said = asked(secured[1][0], method="POST", body=b"username=x&password=y")
    assert (status, b"Nothing is taken in the clear" in said) == (403, True)


def test_in_the_clear_a_tablet_reads_how_it_comes_to_trust_the_site(secured):
    application, (port, plain, _), trusted = secured
    fingerprint = authority.read(trusted).fingerprint
    for each in (port, plain):
        status, headers, page = asked(each, "/trust")
        assert status == 200 and fingerprint.encode() in page
        assert b"https://cordbook.example.org" in page and "Set-Cookie" not in headers
        status, headers, given = asked(each, "/trust/authority.crt")
        assert (status, headers["Content-Type"]) == (200, "application/x-x509-ca-cert")
        assert given == authority.der(trusted)
    other = create_app(application.extensions["cordbook"]["database"], "not a secret: a test")
    assert b"nothing to install" in other.test_client().get("/trust").data
    assert other.test_client().get("/trust/authority.crt").status_code == 404


def test_a_new_certificate_is_taken_up_while_it_serves_and_a_bad_one_is_not(
    secured, tmp_path, monkeypatch
):
    _, (port, _, _), trusted = secured
    monkeypatch.setattr(connections, "EVERY", 0)

    def shown() -> bytes:
        context = ssl.create_default_context(cafile=trusted)
        with (
            socket.create_connection(("127.0.0.1", port), timeout=10) as plain,
            context.wrap_socket(plain, server_hostname="127.0.0.1") as one,
        ):
            return one.getpeercert(binary_form=True)

    before = shown()
    authority.certify(tmp_path, NAMES, at=datetime.now(UTC))
    until = time.monotonic() + 10
    while (now := shown()) == before and time.monotonic() < until:
        time.sleep(0.1)
    assert now != before
    authority.server_file(tmp_path).write_text("cut short")
    time.sleep(1.5)
    assert shown() == now


def test_noise_and_broken_handshakes_end_a_connection_and_nothing_else(secured):
    _, (port, _, _), trusted = secured
    for noise in (b"\x16", b"\x16\x03\x01\x00\x05hello", b"\x16" * 5000, b"\x00\xff" * 50):
        with socket.create_connection(("127.0.0.1", port), timeout=2) as one:
            one.sendall(noise)
        assert asked(port, trusted=trusted)[0] == 200


def test_who_only_begins_a_handshake_is_hung_up_on(secured, monkeypatch):
    monkeypatch.setattr(connections, "IDLE", 1)
    with socket.create_connection(("127.0.0.1", secured[1][0]), timeout=8) as one:
        one.sendall(b"\x16\x03\x01")
        assert one.recv(100) == b""


def test_a_certificate_and_a_key_that_do_not_belong_together_are_one_sentence(tmp_path):
    authority.certify(tmp_path, NAMES, at=NOW)
    (tmp_path / "other").mkdir()
    authority.certify(tmp_path / "other", NAMES, at=NOW)
    pair = Pair(authority.server_file(tmp_path), authority._key_file(tmp_path / "other"))
    with pytest.raises(commands.Sentence, match="cannot be used"):
        serving.listening(lambda *_: [], Reach(port=0, pair=pair))


# Behind a proxy
# -------------------------------------------------------------------------------------------------


@pytest.mark.state("people")
@pytest.mark.req("IAM-07")
@pytest.mark.parametrize(
    ("proxies", "address"),
    [((), "127.0.0.1"), ((ip_network("127.0.0.1"),), "192.168.1.77")],
)
def test_the_device_of_a_session_is_the_real_one_and_never_believed_from_anybody_else(
    proxies, address, sqlite, clock
):
    from integrity.database import Database
    from people.sessions import SignedIn

    assert isinstance(sqlite, Database)
    application = create_app(sqlite, "not a secret: a test", clock=clock)
    with listening(application, Reach(port=0, proxies=proxies)) as (port,):
        claimed = {
            "X-Forwarded-For": "203.0.113.5, 192.168.1.77",
            "X-Real-IP": "203.0.113.6",
            "Forwarded": "for=203.0.113.7",
            "X-Forwarded-Host": "evil.example.com",
        }
        _, headers, page = asked(port, headers=claimed)
        cookie = headers["Set-Cookie"].split(";")[0]
        field = page.split(b'name="csrf_token" value="')[1].split(b'"')[0].decode()
        body = f"csrf_token={field}&username=qa1&password={PASSWORD.replace(' ', '+')}"
        claimed |= {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        status, headers, _ = asked(port, method="POST", body=body, headers=claimed)
    assert status == 303 and headers["Location"] == "/"
    with sqlite.reading() as reading:
        assert reading.query(SignedIn).one().address == address


def test_around_the_proxy_nobody_is_answered(sqlite):
    application = create_app(sqlite, "not a secret: a test")
    from gateway import Gateway

    reach = Reach(host="0.0.0.0", proxies=(ip_network("10.0.0.1"),))
    client = Gateway(application, reach)
    answers = {}
    for peer in ("192.168.1.77", "10.0.0.1", "127.0.0.1", "10.0.0.2"):
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": "/sign-in", "REMOTE_ADDR": peer,
            "wsgi.url_scheme": "http", "SERVER_NAME": "x", "SERVER_PORT": "80",
            "HTTP_X_FORWARDED_FOR": "10.0.0.1", "wsgi.input": None,
        }  # fmt: skip
        list(client(environ, lambda status, _, peer=peer: answers.update({peer: status[:3]})))
    assert answers == {
        "192.168.1.77": "403", "10.0.0.1": "200", "127.0.0.1": "200", "10.0.0.2": "403",
    }  # fmt: skip


# The address for outsiders
# -------------------------------------------------------------------------------------------------


def test_at_the_outsiders_address_nothing_answers_but_the_page_behind_the_qr(secured):
    from tests.house.test_permissions import address

    application, (_, _, outside), trusted = secured
    answered = set()
    for rule in application.url_map.iter_rules():
        path = "/static/css/base.css" if rule.endpoint == "static" else address(application, rule)
        for method in sorted(rule.methods | {"PUT", "DELETE", "TRACE"}):
            status, _, said = asked(outside, path, trusted=trusted, method=method)
            if (status, said) != (404, b"Nothing is here.\n") and method != "HEAD":
                answered.add((rule.endpoint, method))
    assert answered == {
        ("static", "GET"), ("release.certificate_check", "GET"),
        ("release.certificate_check", "POST"),
    }  # fmt: skip
    for path in ("/", "/c/", "/c/x/y", "/c/../sign-in", "/static/../app.py", "//c/x", "/C/x"):
        assert asked(outside, path, trusted=trusted)[0] == 404
    status, _, page = asked(outside, "/c/none", trusted=trusted)
    assert status == 404 and b"UNKNOWN" in page and b"Sign in" not in page


@pytest.mark.state("people")
def test_at_the_outsiders_address_nobody_is_known_whatever_cookie_they_bring(sqlite, clock):

    application = create_app(sqlite, "not a secret: a test", clock=clock)
    client = application.test_client()
    sign_in(client, "qa1")
    cookie = "; ".join(f"{each.key}={each.value}" for each in client._cookies.values())
    reach = Reach(port=0, outside=Outside("127.0.0.1", 0))
    with listening(application, reach) as (inside, outside):
        for port, is_known in ((inside, True), (outside, False)):
            page = asked(port, "/c/none", headers={"Cookie": cookie})[2]
            assert (b"who-name" in page) == is_known
