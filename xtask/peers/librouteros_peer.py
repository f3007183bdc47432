"""The simulated router as librouteros sees it."""

import librouteros
from librouteros.exceptions import FatalError, TrapError
from librouteros.login import plain, token
from librouteros.query import Key, Or

from proof import HOST, PASSWORD, USER, Proof, port, refused, same

proof = Proof()
SECRET = "/ppp/secret"


def connect(router="PLAIN", password=PASSWORD, **options):
    """Logged in, by challenge where the release asks for it."""
    options.setdefault("login_method", token if router == "CHALLENGE" else plain)
    return librouteros.connect(HOST, USER, password, port=port(router), **options)


def one(rows):
    rows = list(rows)
    same(len(rows), 1)
    return rows[0]


def send(api, command, *words):
    api.protocol.writeSentence(command, *words)


def sentence(api):
    """The next sentence: reply word, attributes, tag. The library itself knows no tags."""
    word, words = api.protocol.readSentence()
    tags = [tag[5:] for tag in words if tag.startswith(".tag=")]
    attributes = dict(tag[1:].split("=", 1) for tag in words if tag.startswith("="))
    same(len(tags), 1)
    return word, attributes, tags[0]


@proof.check("login, plain")
def login_plain():
    same(one(connect().path("system", "identity"))["name"], "sim1")


@proof.check("login, challenge")
def login_challenge():
    api = connect("CHALLENGE")
    same(str(one(api.path("system", "resource"))["version"]).split(".")[:2], ["6", "42"])


@proof.check("wrong password refused")
def wrong_password():
    refused(lambda: connect(password="wrong"), TrapError, "invalid user name or password")
    refused(lambda: connect("CHALLENGE", password="wrong"), TrapError, "cannot log in")


@proof.check("print")
def print_all():
    api = connect()
    rows = {row["name"]: row for row in api.path("interface")}
    assert rows["ether1"]["rx-byte"] > 0 and rows["ether1"]["type"] == "ether", rows["ether1"]
    dialled_in = [row for row in rows.values() if row["type"] == "pppoe-in" and row["dynamic"]]
    assert dialled_in and all(".id" in row and "tx-byte" in row for row in dialled_in)


@proof.check("print, chosen properties")
def print_proplist():
    rows = list(connect().path("ppp", "active").select(Key("name"), Key("service")))
    assert rows and all(set(row) == {"name", "service"} for row in rows), rows


@proof.check("print, rows without any property")
def print_bare_rows():
    api = connect()
    send(api, "/ip/service/print", "=.proplist=comment", ".tag=1")
    same([sentence(api)[:2] for _ in range(8)], [("!re", {})] * 7 + [("!done", {})])


@proof.check("print, counted only")
def print_count():
    api = connect()
    counted = one(api.rawCmd("/ip/service/print", "=count-only="))
    same(counted["ret"], 7)


@proof.check("query, equality")
def query_equality():
    rows = list(connect().path("interface").select().where(Key("name") == "ether1"))
    same([row["name"] for row in rows], ["ether1"])


@proof.check("query, either of two")
def query_or():
    interfaces = connect().path("interface")
    either = Or(Key("type") == "ether", Key("type") == "pppoe-in")
    kinds = {row["type"] for row in interfaces.select(Key("type")).where(either)}
    same(kinds, {"ether", "pppoe-in"})


@proof.check("query, not")
def query_not():
    rows = connect().path("ip", "service").select(Key("name")).where(Key("name") != "api")
    same(len(list(rows)), 6)


@proof.check("no rows")
def no_rows():
    api = connect()
    send(api, "/interface/print", "?name=nobody", ".tag=1")
    same(sentence(api)[0], "!done")
    same(list(connect().path("interface").select().where(Key("name") == "nobody")), [])


@proof.check("no rows, announced by !empty")
def no_rows_empty():
    api = connect("EMPTY")
    send(api, "/interface/print", "?name=nobody", ".tag=1")
    same([sentence(api)[0] for _ in range(2)], ["!empty", "!done"])
    same(list(api.path("interface").select().where(Key("name") == "nobody")), [])


@proof.check("unknown command refused")
def unknown_command():
    refused(lambda: list(connect().path("ip", "nonsense")), TrapError, "no such command")


@proof.check("add, set and remove seen in print")
def write():
    secrets = connect().path(SECRET)
    known = secrets.add(name="lib", password="p=1", service="pppoe")
    assert known.startswith("*"), known
    mine = secrets.select().where(Key(".id") == known)
    row = one(mine)
    same((row["name"], row["password"], row["service"], row["disabled"]), ("lib", "p=1", "pppoe", False))
    secrets.update(**{".id": known, "disabled": True, "comment": "of librouteros"})
    row = one(mine)
    same((row["disabled"], row["comment"]), (True, "of librouteros"))
    secrets.remove(known)
    same(list(mine), [])


@proof.check("add in another menu")
def write_address():
    addresses = connect().path("ip", "address")
    known = addresses.add(address="192.168.1.1/24", interface="ether1")
    row = one(addresses.select().where(Key(".id") == known))
    same((row["network"], row["actual-interface"]), ("192.168.1.0", "ether1"))
    addresses.remove(known)


@proof.check("duplicate refused")
def duplicate():
    secrets = connect().path(SECRET)
    known = secrets.add(name="lib-twice")
    refused(lambda: secrets.add(name="lib-twice"), TrapError, "already have such name")
    secrets.remove(known)


@proof.check("unknown id refused")
def unknown_id():
    secrets = connect().path(SECRET)
    refused(lambda: secrets.update(**{".id": "*FFFF", "disabled": True}), TrapError, "no such item")
    refused(lambda: secrets.remove("*FFFF"), TrapError, "no such item")


@proof.check("wrong value refused, with its category")
def wrong_value():
    addresses = connect().path("ip", "address")
    add = lambda: addresses.add(address="192.168.1.1/24", interface="nonsense")
    told = refused(add, TrapError, "input does not match any value of interface")
    same(int(told.category), 1)


@proof.check("writing without the right refused")
def no_right():
    secrets = connect("READER").path(SECRET)
    refused(lambda: secrets.add(name="lib-reader"), TrapError, "not enough permissions")


@proof.check("long words")
def long_words():
    secrets = connect().path(SECRET)
    known = secrets.add(name="lib-long")
    for length in (127, 128, 200, 256, 16_383, 16_384, 20_000):
        secrets.update(**{".id": known, "comment": "x" * length})
        same(len(one(secrets.select().where(Key(".id") == known))["comment"]), length)
    secrets.remove(known)


@proof.check("names that are not UTF-8")
def other_bytes():
    secrets = connect(encoding="latin-1").path(SECRET)
    known = secrets.add(name="mu\u00f1oz\u00ff")
    same([row["name"] for row in secrets.select(Key("name")).where(Key(".id") == known)], ["mu\u00f1oz\u00ff"])
    secrets.remove(known)


@proof.check("commands at once, told apart by tag")
def tags():
    api = connect()
    send(api, "/ip/service/print", ".tag=a")
    send(api, "/system/identity/print", ".tag=b")
    rows, ended = {"a": 0, "b": 0}, []
    while len(ended) < 2:
        word, _, tag = sentence(api)
        if word == "!re":
            rows[tag] += 1
        else:
            same(word, "!done")
            ended.append(tag)
    same((rows, sorted(ended)), ({"a": 7, "b": 1}, ["a", "b"]))


@proof.check("listen hears add, set and remove")
def listen():
    ears = connect()
    send(ears, SECRET + "/listen", ".tag=ears")
    is_listening(ears)
    secrets = connect().path(SECRET)
    known = secrets.add(name="lib-heard")
    word, row, tag = sentence(ears)
    same((word, row[".id"], row["name"], row["disabled"], tag), ("!re", known, "lib-heard", "false", "ears"))
    secrets.update(**{".id": known, "disabled": True})
    word, row, tag = sentence(ears)
    same((word, row[".id"], row["disabled"], tag), ("!re", known, "true", "ears"))
    secrets.remove(known)
    same(sentence(ears), ("!re", {".id": known, ".dead": "true"}, "ears"))


@proof.check("cancel")
def cancel():
    api = connect()
    send(api, SECRET + "/listen", ".tag=ears")
    is_listening(api)
    send(api, "/cancel", "=tag=ears", ".tag=stop")
    same(sentence(api), ("!trap", {"category": "2", "message": "interrupted"}, "ears"))
    same(sorted(sentence(api)[2] for _ in range(2)), ["ears", "stop"])
    same(one(api.path("system", "identity"))["name"], "sim1")


def is_listening(api):
    """A command after the `listen`, on the same connection: once it is answered, the `listen` has begun."""
    send(api, "/system/identity/print", ".tag=now")
    same([sentence(api)[0] for _ in range(2)], ["!re", "!done"])


@proof.check("quit")
def quit_():
    refused(lambda: list(connect()("/quit")), FatalError, "session terminated on request")


proof.run()
