"""What a function's archive must be: `bootstrap.py pack ZIP`, `bootstrap.py check ZIP PROGRAM`, `bootstrap.py answers COMMAND..`.

`pack` writes an archive anew, so that the same program makes the same bytes: cargo-lambda puts the time and the mode of its file into it.
`check` fails unless it holds exactly that program, for all to run, and is small. `answers` starts the program and asks it for its health.
"""

import json
import os
import subprocess
import sys
import time
import zipfile
from threading import Timer
from urllib.request import urlopen

# The earliest time that an archive can say.
EPOCH = (1980, 1, 1, 0, 0, 0)
EXECUTABLE = 0o100755
# A cold start fetches the archive: what is promised of it, not AWS's limit, which is 50 MB.
LARGEST = 5 * 1024 * 1024
LISTENING = "listening on "
# Seconds until a program that does not answer is given up.
PATIENCE = 60


def pack(path):
    program = read(path)
    entry = zipfile.ZipInfo("bootstrap", EPOCH)
    # Unix, whatever this runs on: only there has an entry a mode.
    entry.create_system, entry.external_attr = 3, EXECUTABLE << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, program, zipfile.ZIP_DEFLATED, 9)


def read(path):
    with zipfile.ZipFile(path) as archive:
        if archive.namelist() != ["bootstrap"]:
            sys.exit(f"{path} holds {archive.namelist()}, and should hold bootstrap alone")
        return archive.read("bootstrap")


def check(path, program):
    with open(program, "rb") as file:
        if read(path) != file.read():
            sys.exit(f"{path} does not hold {program}")
    with zipfile.ZipFile(path) as archive:
        mode = archive.getinfo("bootstrap").external_attr >> 16
    if mode != EXECUTABLE:
        sys.exit(f"{path}: bootstrap has the mode {mode:o}, and should have {EXECUTABLE:o}")
    size = os.path.getsize(path)
    if size >= LARGEST:
        sys.exit(f"{path} has {size} bytes, and should have fewer than {LARGEST}")
    print(f"{path}: {size} bytes")


def answers(command):
    environment = {"PATH": os.environ["PATH"], "SEND_LISTEN": "127.0.0.1:0", "SEND_STORAGE": "memory:"}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as program:
        patience = Timer(PATIENCE, program.kill)
        patience.start()
        try:
            ask(program)
        finally:
            program.terminate()
            program.communicate(timeout=PATIENCE)
            patience.cancel()
    if program.returncode != 0:
        sys.exit(f"{command[-1]} ended with {program.returncode} when told to stop")


def ask(program):
    since = time.monotonic()
    for line in program.stderr:
        message = json.loads(line)["message"]
        if message.startswith(LISTENING):
            break
    else:
        sys.exit("it ended before it listened")
    with urlopen(f"{message.removeprefix(LISTENING)}/info/health", timeout=PATIENCE) as reply:
        print(f"{reply.status} {reply.read().decode()} after {time.monotonic() - since:.1f} s")


match sys.argv[1:]:
    case ["pack", path]:
        pack(path)
    case ["check", path, program]:
        check(path, program)
    case ["answers", *command] if command:
        answers(command)
    case _:
        sys.exit(__doc__)
