"""What a usual script does: print the interfaces by librouteros, take differences in a dict, write them by sqlite3.

For each line read it does one round and answers `rows octets-received octets-sent microseconds`. The line says what a
round is: `poll` prints and adds up, `whole` also writes what every counter gained and its new value, in one transaction.
"""

import sqlite3
import sys
import time

import librouteros
from librouteros.query import Key

SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, rx INTEGER NOT NULL, tx INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS usage (
    name TEXT NOT NULL, hour INTEGER NOT NULL, rx INTEGER NOT NULL, tx INTEGER NOT NULL, PRIMARY KEY (name, hour)
);
"""
SET_COUNTER = "INSERT INTO counter VALUES (?1, ?2, ?3) ON CONFLICT (name) DO UPDATE SET rx = ?2, tx = ?3"
ADD_USAGE = "INSERT INTO usage VALUES (?1, ?2, ?3, ?4) ON CONFLICT (name, hour) DO UPDATE SET rx = rx + ?3, tx = tx + ?4"


def poll(api):
    kind, name, rx, tx = Key("type"), Key("name"), Key("rx-byte"), Key("tx-byte")
    rows = api.path("interface").select(name, rx, tx).where(kind == "pppoe-in")
    return [(row["name"], row["rx-byte"], row["tx-byte"]) for row in rows]


def write(database, known, rows):
    hour = int(time.time()) // 3600
    gained = []
    for name, rx, tx in rows:
        before = known.get(name, (rx, tx))
        gained.append((name, hour, rx - before[0], tx - before[1]))
        known[name] = (rx, tx)
    with database:
        database.executemany(SET_COUNTER, rows)
        database.executemany(ADD_USAGE, gained)


def main():
    host, port, user, password, path = sys.argv[1:]
    api = librouteros.connect(host, user, password, port=int(port), timeout=600)
    database = sqlite3.connect(path)
    database.executescript(SCHEMA)
    known = {}
    for order in sys.stdin:
        began = time.perf_counter()
        rows = poll(api)
        received, sent = sum(row[1] for row in rows), sum(row[2] for row in rows)
        if order.strip() == "whole":
            write(database, known, rows)
        took = time.perf_counter() - began
        print(len(rows), received, sent, round(took * 1e6), flush=True)


main()
