"""Runs the program of docs/how-to/redis.md until the stream has no more, and compares its sums with those of the server."""

import json
import os
import sys
import types

import redis


class Ended(Exception):
    pass


class Ending(redis.Redis):
    """Does not wait for what never comes."""

    def xreadgroup(self, group, name, streams, count=None, block=None):
        answer = super().xreadgroup(group, name, streams, count=count)
        if not answer and ">" in streams.values():
            raise Ended
        return answer


def program(page):
    text = open(page, encoding="utf-8").read()
    code = text.split("```python\n", 1)[1].split("```", 1)[0]
    module = types.ModuleType("of_the_documentation")
    exec(compile(code, page, "exec"), module.__dict__)
    return module


def main():
    documented = program(sys.argv[1])
    connection = Ending.from_url(os.environ["REDIS_URL"], decode_responses=True)
    names = {f["router_id"]: f["router"] for _, f in connection.xrange("tikmeter:events")}
    totals = documented.Totals()
    for again in range(2):  # the second finds nothing new
        try:
            documented.read(connection, totals.take)
        except Ended:
            pass
    sums = {(names[router], login): list(sum) for (router, login), sum in totals.sums.items()}
    items = json.loads(os.environ["USAGE"])["items"]
    usage = {(i["router"], i["username"]): [i["upload_octets"], i["download_octets"]] for i in items}
    moved = {key: sum for key, sum in usage.items() if sum != [0, 0]}
    assert connection.xlen("tikmeter:events") > 0, "the stream is empty"
    assert moved, "nobody used anything"
    assert {key: sum for key, sum in sums.items() if sum != [0, 0]} == moved, (sums, usage)
    assert totals.missing == 0, totals.missing


main()
