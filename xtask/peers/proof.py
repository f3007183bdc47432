"""How a client written by others proves the simulated router: named checks, one line of output for each.

A line is `ok<TAB>name` or `failed<TAB>name<TAB>why`. The names are the rows of docs/reference/simulator.md; `./x test`
counts them and misses those that did not come.
"""

import os
import sys
import traceback

HOST, USER, PASSWORD = "127.0.0.1", "meter", "simulated"


def port(name):
    """The port of one of the simulated routers: CHALLENGE, PLAIN, EMPTY or READER."""
    return int(os.environ[name + "_PORT"])


class Proof:
    def __init__(self):
        self.checks = []

    def check(self, name):
        """Marks a function as the check of that name; it proves by returning and disproves by raising."""

        def keep(function):
            self.checks.append((name, function))
            return function

        return keep

    def run(self):
        for name, function in self.checks:
            try:
                function()
            except Exception as error:
                traceback.print_exc()
                words = " ".join(str(error).split())
                self.say("failed", name, "%s: %s" % (type(error).__name__, words))
            else:
                self.say("ok", name)

    @staticmethod
    def say(*words):
        print("\t".join(words), flush=True)
        sys.stderr.flush()


def same(seen, expected):
    """`assert` that says what was there."""
    if seen != expected:
        raise AssertionError("%r instead of %r" % (seen, expected))


def refused(act, error, words):
    """Whether `act` raises `error` with `words` in its text."""
    try:
        act()
    except error as told:
        if words not in str(told):
            raise AssertionError("refused with %r instead of %r" % (str(told), words)) from told
        return told
    raise AssertionError("not refused; expected %r" % words)
