"""Runs scripts for pytorch.test.js, each in a process of its own that has imported PyTorch already: importing it and
taking it down take longer than most of them. In: a line of JSON for each, {"folder": …, "args": [script, …]}. Out: a line
with its exit code. What it prints is in stdout.txt and stderr.txt of its folder."""

import json
import os
import runpy
import sys
import traceback

import torch  # noqa: F401 (for the scripts)


def run(folder, args):
    """Runs a script as `python3 script …` does in a folder. Returns its exit code."""
    os.chdir(folder)
    for fd, name in ((1, "stdout.txt"), (2, "stderr.txt")):
        os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT), fd)
    sys.argv, sys.path[0] = args, folder
    try:
        runpy.run_path(args[0], run_name="__main__")
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        print(end.code, file=sys.stderr)
        return 1
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


for line in sys.stdin:
    child = os.fork()
    if not child:
        code = run(**json.loads(line))
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
