"""Where the checker goes, and where it never does. Pure."""

import socket
import threading
from contextlib import suppress

import pytest

from cases.checker.addresses import Refused, Target, is_public, target_of
from cases.checker.visiting import Way, visit

# Each would reach this machine or an inner network if anything read it less strictly.
HOSTILE = [
    "http://127.0.0.1/", "http://127.1/", "http://127.0.1/", "http://2130706433/",
    "http://0x7f000001/", "http://0x7f.1/", "http://0177.0.0.1/", "http://017700000001/",
    "http://0x7f.0x0.0x0.0x1/", "http://127.0.0.1./", "http://0/", "http://0.0.0.0/",
    "http://[::1]/", "http://[::]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/",
    "http://[0:0:0:0:0:ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://[64:ff9b:1::1]/",
    "http://[2002:7f00:1::]/", "http://[2001:0:7f00:1::]/", "http://[fe80::1]/",
    "http://[fe80::1%25lo]/", "http://[fc00::1]/", "http://[fd00:ec2::254]/", "http://[ff02::1]/",
    "http://[2001:db8::1]/", "http://10.0.0.1/", "http://172.16.0.1/", "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/", "http://100.64.0.1/", "http://100.100.100.200/",
    "http://168.63.129.16/", "http://192.0.0.1/", "http://198.18.0.1/", "http://224.0.0.1/",
    "http://255.255.255.255/", "http://192.88.99.1/",
    "http://localhost/", "http://LOCALHOST./", "http://a.localhost/", "http://printer.local/",
    "http://metadata.google.internal/", "http://intranet/", "http://router.lan/",
    "http://x.com@127.0.0.1/", "http://x.com:80@127.0.0.1/", "http://127.0.0.1:80\\@x.com/",
    "http://x.com\\@127.0.0.1/", "http:\\\\127.0.0.1\\", "http:/127.0.0.1/", "http:127.0.0.1",
    "http://１２７.0.0.1/", "http://ⓛocalhost/", "http://127。0。0。1/",
    "http://%31%32%37.0.0.1/", "http://127.0.0.1%00.x.com/", "http://127.0.0.1#@x.com/",
    "http://127.0.0.1?@x.com/", "http://127.0.0.1;x.com/", " http://127.0.0.1/",
    "http://127.0.0.1\t/", "http://x.com\r\nHost: localhost/", "http://[::1]:80%31/",
    "http://x.com:8080/", "http://x.com:22/", "http://x.com:0/", "http://x.com:65616/",
    "gopher://127.0.0.1/_GET", "file:///etc/passwd", "data:text/html,x", "ftp://127.0.0.1/",
    "javascript:alert(1)", "dict://127.0.0.1:80/", "//127.0.0.1/", "", "http://", "http:///",
    "http://256.256.256.256/", "http://1.2.3.4.5/", "http://0x100000000/", "http://08.0.0.1/",
]  # fmt: skip


def test_there_are_more_than_sixty_of_them():
    assert len(set(HOSTILE)) == len(HOSTILE) >= 60


@pytest.fixture
def canary():
    """Listen on loopback in both families; the tests lead ports 80 and 443 there."""
    listeners = [socket.create_server(("127.0.0.1", 0))]
    with suppress(OSError):  # a machine without IPv6
        listeners.append(socket.create_server(("::1", 0), family=socket.AF_INET6))
    for listener in listeners:
        listener.setblocking(False)
    yield listeners
    for listener in listeners:
        listener.close()


def hits(listeners):
    found = 0
    for listener in listeners:
        try:
            listener.accept()[0].close()
            found += 1
        except BlockingIOError:
            continue
    return found


def straight(host, port):
    """Resolve as lightly as a system would: addresses as they are, every name to this machine."""
    try:
        return [row[4][0] for row in socket.getaddrinfo(host, port, flags=socket.AI_NUMERICHOST)]
    except OSError:
        return ["127.0.0.1"]


@pytest.mark.parametrize("url", HOSTILE)
def test_no_hostile_address_reaches_this_machine(canary, url):
    for listener in canary:
        by_port = {port: listener.getsockname()[1] for port in (80, 443)}
        assert visit(url, Way(resolve=straight, ports=by_port)).word in {
            "odd_address",
            "not_public",
        }
    assert hits(canary) == 0


def test_the_canary_is_heard_where_the_rule_is_lifted(canary):
    way = Way(
        resolve=straight,
        ports={80: canary[0].getsockname()[1]},
        is_allowed=lambda address: address == "127.0.0.1",
    )
    canary[0].listen()

    thread = threading.Thread(target=visit, args=("http://127.1/", way))
    thread.start()
    canary[0].setblocking(True)
    canary[0].settimeout(3)
    canary[0].accept()[0].close()
    thread.join()


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://x.com/i/status/1?a=b#c", Target("https", "x.com", 443, "/i/status/1?a=b")),
        ("HTTP://X.COM", Target("http", "x.com", 80, "/")),
        ("http://x.com.:80/a", Target("http", "x.com", 80, "/a")),
        ("http://x.com:443/", Target("http", "x.com", 443, "/")),
        ("http://bücher.example/", Target("http", "xn--bcher-kva.example", 80, "/")),
        ("http://xn--bcher-kva.example/", Target("http", "xn--bcher-kva.example", 80, "/")),
        ("http://93.184.216.34/", Target("http", "93.184.216.34", 80, "/")),
        ("http://1572395042/", Target("http", "93.184.216.34", 80, "/")),
        ("http://[2606:4700::1111]/", Target("http", "2606:4700::1111", 80, "/")),
        ("http://a_b.example/", Target("http", "a_b.example", 80, "/")),
    ],
)
def test_an_address_is_read_as_a_browser_reads_it(url, target):
    assert target_of(url) == target


@pytest.mark.parametrize(
    ("target", "named"),
    [
        (Target("https", "x.com", 443, "/"), "x.com"),
        (Target("http", "x.com", 443, "/"), "x.com:443"),
        (Target("http", "2606:4700::1111", 80, "/"), "[2606:4700::1111]"),
    ],
)
def test_a_server_is_told_its_own_name(target, named):
    assert target.named == named


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:4700::1111", "2a00::1"])
def test_public_addresses_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.31.255.255", "192.168.0.1", "169.254.169.254", "100.64.0.1",
        "100.127.255.255", "0.0.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.1",
        "203.0.113.9", "192.88.99.1", "224.0.0.251", "239.1.1.1", "240.0.0.1", "255.255.255.255",
        "168.63.129.16", "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::808:808",
        "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:808:808::1", "3fff::1", "5f00::1",
        "fc00::1", "fd12::1", "fe80::1", "fe80::1%lo", "fec0::1", "ff02::1", "2606:4700::1%eth0",
        "", "x", "1.2.3", "010.0.0.1",
    ],
)  # fmt: skip
def test_everything_else_is_not(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "url", ["http://x.com/" + "a" * 9000, "http://x.com/\u00e4", "http://x.com/ a"]
)
def test_a_path_that_no_server_could_be_sent_is_refused(url):
    with pytest.raises(Refused):
        target_of(url)
