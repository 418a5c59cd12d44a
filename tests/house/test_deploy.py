"""The files of deploy/ say what is so: they parse; settings, files and times they name exist."""

from __future__ import annotations

import configparser
import re
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
import yaml

import processes
from integrity.reach import read_reach

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
README = (ROOT / "README.md").read_text(encoding="utf-8")
OF_RUN = {"CORDBOOK_VENV"}  # which ./run itself reads, and its menu names


def unit() -> configparser.ConfigParser:
    read = configparser.ConfigParser(interpolation=None)
    read.optionxform = str
    read.read_string((DEPLOY / "cordbook.service").read_text(encoding="utf-8"))
    return read


def settings() -> dict[str, str]:
    """Those of the environment's file, what is commented out included."""
    text = (DEPLOY / "cordbook.env").read_text(encoding="utf-8")
    return dict(re.findall(r"(?m)^#?([A-Z_]+)=(.*)$", text))


def compose():
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))


def test_every_setting_that_is_named_stands_in_the_readme():
    named = settings().keys() | compose()["services"]["node-1"]["environment"].keys()
    missing = [name for name in named - OF_RUN if f"`{name}`" not in README]
    assert missing == []


def test_the_service_starts_what_is_there_as_nobody_much_and_has_time_to_end():
    service = unit()["Service"]
    assert service["ExecStart"] == f"{service['WorkingDirectory']}/run" and (ROOT / "run").exists()
    assert service["User"] == "cordbook" and service["NoNewPrivileges"] == "yes"
    assert service["CapabilityBoundingSet"] == "CAP_NET_BIND_SERVICE"
    assert int(service["TimeoutStopSec"]) > processes.LAST
    state = f"/var/lib/{service['StateDirectory']}/"
    assert all(settings()[name].startswith(state) for name in ("CORDBOOK_DATA", "CORDBOOK_VENV"))


def test_the_settings_of_the_service_can_be_read(tmp_path):
    proxied = settings() | {"CORDBOOK_PROXIES": "127.0.0.1"}
    made = read_reach(proxied, tmp_path)
    assert made.address == settings()["CORDBOOK_URL"] and made.outside
    with pytest.raises(ValueError, match="in the clear"):
        read_reach(settings(), tmp_path)


def test_the_nodes_of_the_compose_file_are_alike_and_believe_their_proxy_alone():
    made = compose()
    services = made["services"]
    assert services["node-1"] == services["node-2"]
    told = services["node-1"]["environment"]
    proxy = ip_address(services["proxy"]["networks"]["inside"]["ipv4_address"])
    assert told["CORDBOOK_PROXIES"] == str(proxy)
    assert proxy in ip_network(made["networks"]["inside"]["ipam"]["config"][0]["subnet"])
    assert processes.wanted(told["CORDBOOK_PROCESSES"]) == 2
    assert "ports" not in services["node-1"] and "ports" not in services["db"]
    for each in (services["node-1"]["build"]["dockerfile"], "deploy/nginx.conf"):
        assert (ROOT / each).exists()
    volumes = {mount.split(":")[0] for each in services.values() for mount in each["volumes"]}
    assert {name for name in volumes if not name.startswith(".")} == made["volumes"].keys()


def test_the_image_installs_the_locks_with_their_digests():
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    locks = re.findall(r"-r (\S+)", text)
    assert locks == ["requirements.txt", "requirements-postgresql.txt"]
    assert all((ROOT / lock).exists() for lock in locks) and "--require-hashes" in text
    assert "USER cordbook" in text


def test_the_proxy_tells_for_whom_it_asks_and_leads_outsiders_to_certificates_alone():
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    told = compose()["services"]["node-1"]["environment"]
    for header in ("X-Forwarded-For $proxy_add_x_forwarded_for", "X-Forwarded-Proto $scheme"):
        assert f"proxy_set_header {header};" in text
    for name, port in (("laboratory", "PORT"), ("certificates", "CORDBOOK_PUBLIC_PORT")):
        upstream = re.search(rf"upstream {name} \{{(.*?)\}}", text, re.DOTALL)[1]
        assert re.findall(r"server (\S+);", upstream) == [
            f"node-1:{told[port]}",
            f"node-2:{told[port]}",
        ]
    outside = text[text.index("listen 8443") :]
    assert re.findall(r"location (\S+)", outside) == ["/c/", "/static/", "/"]
    assert "location / { return 404; }" in outside
