"""Runs the second program of docs/how-to/redis.md: one reader is killed in the middle of its work, Redis is killed and started
again, and every sample is done by the next reader."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import types

import redis

STREAM = "mikrotik:traffic:customers"
SAMPLES = 500
PATIENCE_MS = 300


def program(page):
    text = open(page, encoding="utf-8").read()
    code = text.split("```python\n")[2].split("```", 1)[0]
    module = types.ModuleType("of_the_documentation")
    exec(compile(code, page, "exec"), module.__dict__)
    return module


def reader(page, url, name, done):
    """Writes down what it has done before it acknowledges it; each takes a little."""
    with open(done, "a", encoding="utf-8") as notes:

        def take(fields):
            time.sleep(0.002)
            notes.write(fields["rx_bits_per_second"] + "\n")
            notes.flush()

        connection = redis.from_url(url, decode_responses=True)
        program(page).samples(connection, take, name=name, patience_ms=PATIENCE_MS)


class Server:
    def __init__(self, folder, port):
        self.words = [os.environ["REDIS_SERVER"], "--bind", "127.0.0.1", "--port", str(port), "--save", ""]
        self.words += ["--dir", folder, "--appendonly", "yes", "--appendfsync", "always"]
        self.url = f"redis://127.0.0.1:{port}"
        self.start()

    def start(self):
        quiet = subprocess.DEVNULL
        self.running = subprocess.Popen(self.words, stdout=quiet, stderr=quiet)
        self.connection = redis.from_url(self.url, decode_responses=True)
        until("Redis answers", self.answers)

    def answers(self):
        try:
            return self.connection.ping()
        except redis.ConnectionError:
            return False
        except redis.exceptions.BusyLoadingError:
            return False

    def kill(self):
        self.running.kill()
        self.running.wait()


def until(what, is_so):
    for _ in range(1200):
        if is_so():
            return
        time.sleep(0.05)
    raise AssertionError(f"it never came to be: {what}")


def done_by(notes):
    return [int(line) for line in open(notes, encoding="utf-8").read().split()] if os.path.exists(notes) else []


def add(connection, numbers):
    for number in numbers:
        connection.xadd(STREAM, {"customer_id": "x", "rx_bits_per_second": number})


def main(page):
    with tempfile.TemporaryDirectory() as folder:
        server = Server(folder, int(os.environ["REDIS_PORT"]))
        notes = {name: os.path.join(folder, name) for name in ("first", "second")}
        add(server.connection, range(SAMPLES))

        def begin(name):
            words = [sys.executable, __file__, page, server.url, name, notes[name]]
            return subprocess.Popen(words)

        readers = [begin("first")]
        until("the first reader is in the middle", lambda: len(done_by(notes["first"])) >= 130)
        readers[0].send_signal(signal.SIGKILL)
        readers[0].wait()
        held = server.connection.xpending(STREAM, "charts")["pending"]
        assert held > 0, "it died between two batches, which proves nothing"
        readers.append(begin("second"))
        until("the second one works", lambda: len(done_by(notes["second"])) >= 60)
        server.kill()
        server.start()
        add(server.connection, range(SAMPLES, SAMPLES + 50))
        everything = set(range(SAMPLES + 50))
        try:
            until("all is done", lambda: set(done_by(notes["first"]) + done_by(notes["second"])) == everything)
            until("all is acknowledged", lambda: server.connection.xpending(STREAM, "charts")["pending"] == 0)
            assert readers[1].poll() is None, "the second reader ended"
        finally:
            for one in readers:
                one.kill()
            server.kill()


if len(sys.argv) == 2:
    main(sys.argv[1])
else:
    reader(*sys.argv[1:])
