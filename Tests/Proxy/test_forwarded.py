"""Where a request comes from: what the proxy says counts, what its client says does not."""

import uuid

import pytest
from obrolan_testing.machine import until
from test_requests import LOG_SECONDS, client_of

# Another address of the loopback network, which no process trusts.
STRANGER = "127.0.0.7"
CLAIMED = "203.0.113.9"
CLAIMS = {
    "older": {"X_Forwarded_For": CLAIMED, "X_Forwarded_Proto": "https"},
    "newer": {"Forwarded": f"for={CLAIMED};proto=https"},
    "both": {"X_Forwarded_For": CLAIMED, "X_Forwarded_Proto": "https", "Forwarded": f"for={CLAIMED};proto=https"},
}
claims = pytest.mark.parametrize("fields", CLAIMS.values(), ids=CLAIMS)


def client_in_log(visitor, processes, **fields):
    """Whose request it is in the access log that has it."""
    target = f"/css/style.css?{uuid.uuid4()}"
    assert visitor.get(target, **fields).status == 200
    return until(lambda: next(filter(None, (client_of(target, process) for process in processes)), None), LOG_SECONDS)


@claims
def test_the_access_log_has_the_address_that_the_proxy_saw(proxy, processes, visit, fields):
    visitor = visit(proxy.port, source=STRANGER)
    assert client_in_log(visitor, processes) == STRANGER
    assert client_in_log(visitor, processes, **fields) == STRANGER


@claims
def test_a_cookie_is_for_tls_only_if_the_proxy_ends_tls(proxy, visit, names, fields):
    assert "Secure" in visit(proxy.tls_port, certificate=proxy.certificate).register(next(names))
    assert "Secure" not in visit(proxy.port).register(next(names))
    assert "Secure" not in visit(proxy.port).register(next(names), **fields)


@pytest.mark.parametrize("kind", ["older", "newer"])
def test_a_proxy_with_a_trusted_address_is_believed(processes, visit, names, kind):
    for process in processes:
        visitor = visit(process.port)
        assert client_in_log(visitor, processes, **CLAIMS[kind]) == CLAIMED
        assert "Secure" in visitor.register(next(names), **CLAIMS[kind])


@claims
def test_nobody_else_is_believed(direct, processes, visit, names, fields):
    for process, source in ((direct, "127.0.0.1"), *((process, STRANGER) for process in processes)):
        visitor = visit(process.port, source=source)
        # With its port: that is where the connection comes from.
        assert client_in_log(visitor, [process], **fields).startswith(f"{source}:")
        assert "Secure" not in visitor.register(next(names), **fields)
