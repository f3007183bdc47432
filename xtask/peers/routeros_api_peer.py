"""The simulated router as routeros-api sees it."""

import routeros_api
from routeros_api.exceptions import RouterOsApiCommunicationError as Trap
from routeros_api.query import IsEqualQuery, OrQuery

from proof import HOST, PASSWORD, USER, Proof, port, refused, same

proof = Proof()


def connect(router="PLAIN", password=PASSWORD, plain=True):
    return routeros_api.connect(HOST, USER, password, port(router), plaintext_login=plain)


def secrets(router="PLAIN"):
    return connect(router).get_resource("/ppp/secret")


def one(rows):
    same(len(rows), 1)
    return rows[0]


def added(menu, **settings):
    """Adds an item and gives its id."""
    return menu.add(**settings).done_message["ret"]


@proof.check("login, plain")
def login_plain():
    same(one(connect().get_resource("/system/identity").get())["name"], "sim1")


@proof.check("login, challenge")
def login_challenge():
    for plain in (True, False):
        resource = connect("CHALLENGE", plain=plain).get_resource("/system/resource")
        same(one(resource.get())["version"].split(".")[:2], ["6", "42"])


@proof.check("wrong password refused")
def wrong_password():
    refused(lambda: connect(password="wrong"), Trap, "invalid user name or password")
    refused(lambda: connect("CHALLENGE", password="wrong"), Trap, "cannot log in")


@proof.check("print")
def print_all():
    rows = {row["name"]: row for row in connect().get_resource("/interface").get()}
    assert int(rows["ether1"]["rx-byte"]) > 0 and rows["ether1"]["type"] == "ether", rows["ether1"]
    dialled_in = [row for row in rows.values() if row["type"] == "pppoe-in" and row["dynamic"] == "true"]
    assert dialled_in and all("id" in row and "tx-byte" in row for row in dialled_in)


@proof.check("print with detail")
def print_detail():
    # The library sends `=detail`, without a second `=`.
    same(one(connect().get_resource("/system/identity").detailed_get())["name"], "sim1")


@proof.check("print, chosen properties")
def print_proplist():
    rows = connect().get_resource("/ppp/active").call("print", {"proplist": "name,service"})
    assert rows and all(set(row) == {"name", "service"} for row in rows), rows


@proof.check("print, rows without any property")
def print_bare_rows():
    rows = connect().get_resource("/ip/service").call("print", {"proplist": "comment"})
    same(list(rows), [{}] * 7)


@proof.check("print, counted only")
def print_count():
    counted = connect().get_resource("/ip/service").call("print", {"count-only": ""})
    same((list(counted), counted.done_message["ret"]), ([], "7"))


@proof.check("query, equality")
def query_equality():
    same([row["name"] for row in connect().get_resource("/interface").get(name="ether1")], ["ether1"])


@proof.check("query, either of two")
def query_or():
    either = OrQuery(IsEqualQuery("type", "ether"), IsEqualQuery("type", "pppoe-in"))
    rows = connect().get_resource("/interface").call("print", additional_queries=[either])
    same({row["type"] for row in rows}, {"ether", "pppoe-in"})


@proof.check("no rows")
def no_rows():
    same(list(connect().get_resource("/interface").get(name="nobody")), [])


@proof.check("no rows, announced by !empty")
def no_rows_empty():
    same(list(connect("EMPTY").get_resource("/interface").get(name="nobody")), [])


@proof.check("unknown command refused")
def unknown_command():
    refused(connect().get_resource("/ip/nonsense").get, Trap, "no such command")


@proof.check("add, set and remove seen in print")
def write():
    menu = secrets()
    known = added(menu, name="api", password="p=1", service="pppoe")
    row = one(menu.get(id=known))
    same((row["name"], row["password"], row["service"], row["disabled"]), ("api", "p=1", "pppoe", "false"))
    menu.set(id=known, disabled="yes", comment="of routeros-api")
    row = one(menu.get(id=known))
    same((row["disabled"], row["comment"]), ("true", "of routeros-api"))
    menu.remove(id=known)
    same(list(menu.get(id=known)), [])


@proof.check("add in another menu")
def write_address():
    menu = connect().get_resource("/ip/address")
    known = added(menu, address="192.168.2.1/24", interface="ether1")
    row = one(menu.get(id=known))
    same((row["network"], row["actual-interface"]), ("192.168.2.0", "ether1"))
    menu.remove(id=known)


@proof.check("duplicate refused")
def duplicate():
    menu = secrets()
    known = added(menu, name="api-twice")
    refused(lambda: menu.add(name="api-twice"), Trap, "already have such name")
    menu.remove(id=known)


@proof.check("unknown id refused")
def unknown_id():
    menu = secrets()
    refused(lambda: menu.set(id="*FFFF", disabled="yes"), Trap, "no such item")
    refused(lambda: menu.remove(id="*FFFF"), Trap, "no such item")


@proof.check("writing without the right refused")
def no_right():
    refused(lambda: secrets("READER").add(name="api-reader"), Trap, "not enough permissions")


@proof.check("long words")
def long_words():
    menu = secrets()
    known = added(menu, name="api-long")
    for length in (127, 128, 200, 256, 16_383, 16_384, 20_000):
        menu.set(id=known, comment="x" * length)
        same(len(one(menu.get(id=known))["comment"]), length)
    menu.remove(id=known)


@proof.check("names that are not UTF-8")
def other_bytes():
    menu = connect().get_binary_resource("/ppp/secret")
    known = menu.add(name=b"mu\xf1oz\xff").done_message["ret"]
    same(one(menu.get(id=known))["name"], b"mu\xf1oz\xff")
    menu.remove(id=known)


@proof.check("commands at once, told apart by tag")
def tags():
    api = connect()
    services = api.get_resource("/ip/service").get_async()
    identity = api.get_resource("/system/identity").get_async()
    same((one(identity.get())["name"], len(services.get())), ("sim1", 7))


@proof.check("listen hears add, set and remove")
def listen():
    heard, _ = listening()
    menu = secrets()
    known = added(menu, name="api-heard")
    row = next(heard)
    same((row["id"], row["name"], row["disabled"]), (known, "api-heard", "false"))
    menu.set(id=known, disabled="yes")
    row = next(heard)
    same((row["id"], row["disabled"]), (known, "true"))
    menu.remove(id=known)
    same(next(heard), {"id": known, ".dead": "true"})


@proof.check("cancel")
def cancel():
    heard, api = listening()
    # The library numbers its commands; the login was 1, the `listen` 2.
    api.get_resource("/").call("cancel", {"tag": "2"})
    refused(lambda: next(heard), Trap, "interrupted")
    same(one(api.get_resource("/system/identity").get())["name"], "sim1")


def listening():
    """What a `listen` hears, once it has begun, and its connection."""
    api = connect()
    heard = iter(api.get_resource("/ppp/secret").call_async("listen"))
    api.get_resource("/system/identity").get()
    return heard, api


proof.run()
