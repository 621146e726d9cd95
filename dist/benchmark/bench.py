"""Runs the scenarios in turn and prints the table. Started by dist/bench, in namespaces of its own."""
import argparse
import datetime
import json
import os
import platform
import random
import signal
import socket
import subprocess
import sys
import time
import types

import matcher
import rows as rows_
import scenarios
from agents import TREE, Fail2ban, Native, Sipward
from list_server import ListServer
from measure import KernelSets

# The scenarios, the rows that each fills, and how often each runs by default.
IN_TURN = [
    (scenarios.start, ["start"], 5),
    (scenarios.lines, ["first", "benign", "split", "attack", "seen", "seen-1m"], 3),
    (scenarios.burst, ["burst", "burst-cpu"], 3),
    (scenarios.line, ["line"], 1),
    (scenarios.bans, ["bans", "restore"], 2),
    (scenarios.list_, ["list"], 2),
    (scenarios.feed, ["feed"], 1),
    (scenarios.steady, ["steady"], 2),
    (scenarios.mend, ["mend-ruleset", "mend-set"], 1),
]
AT_ONCE = [
    (scenarios.latency, ["latency", "latency-worst"]),
    (scenarios.rest, ["rest", "rest-private", "rest-cpu", "rest-wakes", "rested"]),
    (scenarios.store, ["store"]),
    (scenarios.size, ["disk", "download"]),
    (scenarios.grep, ["grep"]),
]
MATCHER = "matcher"  # not a row but a separate table
NORMAL = {
    "lines": 200_000, "bans": 50_000, "slow_bans": 2000, "burst": 1000, "latency": 20, "steady": 30, "rest": 600,
    "stored": 300_000, "settle": 2, "pause": 2, "full": False,
}  # fmt: skip
QUICK = dict(NORMAL, slow_bans=500, latency=5, steady=10, rest=30, stored=100_000, settle=1)
FULL = dict(NORMAL, slow_bans=50_000, rest=3600, stored=1_000_000, full=True)


def arguments():
    parser = argparse.ArgumentParser(prog="dist/bench", description="Measures Sipward against Debian's fail2ban.")
    parser.add_argument("row", nargs="*", help="measure only these rows, and the others of their scenarios")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--quick", action="store_true", help="measure less of everything; takes some minutes")
    how.add_argument("--full", action="store_true", help="give fail2ban all 50,000 bans, too, and rest for an hour; takes hours")
    parser.add_argument("--json", metavar="FILE", help="also write all values to FILE")
    parser.add_argument("--runs", type=int, help="run each scenario RUNS times")
    parser.add_argument("--list", action="store_true", help="list the rows")
    parser.add_argument(
        "--against", metavar="TREE", help="measure nothing: compare what this version and that of another built tree"
        " read out of the recorded logs and of mutated lines, and exit 1 if it differs"
    )  # fmt: skip
    parser.add_argument("--seed", type=int, help="with --against: make the mutated lines of an earlier run again")
    parser.add_argument("--mutated", type=int, default=400_000, metavar="N", help="with --against: how many; 400,000")
    parser.add_argument("--no-sessions", action="store_true", help="with --against: leave out the session of a success")
    parser.add_argument("--work", help=argparse.SUPPRESS)
    parser.add_argument("--fail2ban", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    unknown = set(chosen.row) - set(rows_.rows()) - {MATCHER}
    if unknown:
        parser.error("no such row: " + ", ".join(sorted(unknown)) + "; --list lists them")
    return chosen


def header(agents):
    """Returns the conditions on which the figures depend."""
    with open("/proc/cpuinfo") as lines:
        cpu = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "unknown CPU")
    with open("/proc/meminfo") as lines:
        memory = int(next(lines).split()[1]) / 1024**2
    java = subprocess.run(["java", "-version"], capture_output=True, text=True).stderr.splitlines()
    nft = subprocess.run(["nft", "--version"], capture_output=True, text=True).stdout.split("(")[0].strip()
    with open("/etc/os-release") as lines:
        system = next((line.split('"')[1] for line in lines if line.startswith("PRETTY_NAME")), "Linux")
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%F %H:%M UTC"),
        "machine": f"{cpu}, {os.cpu_count()} cores, {memory:.0f} GB, {system}, Linux {platform.release()}",
        "versions": f"{agents[0].version()} on Python {platform.python_version()}; {agents[1].version()} on {java[1]}; {nft}",
        "native": agents[2].version() if agents[2:] else "not built: dist/native install builds it",
    }


def measure(bench, chosen):
    def wanted(names):
        return not chosen.row or set(names) & set(chosen.row)

    for scenario, names, times in IN_TURN:
        if wanted(names):
            times = chosen.runs or (1 if chosen.quick else times)
            for run in range(times):
                bench.say(f"{', '.join(names)}: run {run + 1} of {times}")
                for agent in bench.agents:
                    attempt(bench, agent, lambda: scenario(bench, agent))
    for scenario, names in AT_ONCE:
        if wanted(names):
            bench.say(", ".join(names))
            attempt(bench, None, lambda: scenario(bench))
    if wanted([MATCHER]):
        bench.say(MATCHER)
        attempt(bench, None, lambda: matcher.measure(bench))


def attempt(bench, agent, work):
    """Runs a scenario. If it fails, the others still run."""
    try:
        work()
    except (OSError, RuntimeError, TimeoutError, subprocess.CalledProcessError) as failure:
        bench.failed.append(str(failure))
        bench.say(f"  FAILED: {failure}")
    finally:
        for one in [agent] if agent else bench.agents:
            one.stop()
            one.forget()


def interrupt(*ignored):
    raise KeyboardInterrupt


def main():
    chosen = arguments()
    if chosen.list:
        for row in rows_.rows().values():
            print(f"{row.name:14} {row.title}, {row.unit}; goal: {row.goal}")
        print(f"{MATCHER:14} the matcher and the jail alone, by JMH, in a separate table, ns a line")
        return 0
    if chosen.against:
        seed = random.randrange(1 << 32) if chosen.seed is None else chosen.seed
        return matcher.compare(chosen.against, seed, chosen.mutated, chosen.no_sessions)
    if not chosen.work or [name for _, name in socket.if_nameindex()] != ["lo"]:
        sys.exit("Run dist/bench instead: it gives this program a network of its own.")
    signal.signal(signal.SIGTERM, interrupt)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    began = time.monotonic()
    agents = [Fail2ban(chosen.work, chosen.fail2ban), Sipward(chosen.work)]
    if Native.is_built():
        agents.append(Native(chosen.work))
    about = header(agents)
    sizes = types.SimpleNamespace(**(QUICK if chosen.quick else FULL if chosen.full else NORMAL))
    say = lambda text: print(f"{time.monotonic() - began:6.0f} s  {text}", file=sys.stderr, flush=True)
    table = rows_.rows()
    bench = scenarios.Bench(agents, KernelSets(), ListServer(chosen.work), table, sizes, say)
    bench.failed, bench.alone = [], []
    try:
        measure(bench, chosen)
    except KeyboardInterrupt:
        bench.failed.append("interrupted")
    finally:
        for agent in agents:
            agent.stop()
    measured = [row for row in table.values() if row.samples]
    for key, value in about.items():
        print(f"{key:9} {value}")
    print(f"{'took':9} {(time.monotonic() - began) / 60:.1f} minutes; median (least-most) of the runs\n")
    tables = [rows_.table(measured, agents)] * bool(measured) + [matcher.table(bench.alone)] * bool(bench.alone)
    print("\n\n".join("\n".join(lines) for lines in tables))
    for failure in bench.failed:
        print(f"FAILED: {failure}")
    if chosen.json:
        report = dict(about, sizes=vars(sizes), failed=bench.failed, rows=[row.json() for row in measured])
        report[MATCHER] = bench.alone
        with open(os.path.join(TREE, chosen.json), "w") as file:
            json.dump(report, file, indent=1)
    return 1 if bench.failed else 0


if __name__ == "__main__":
    sys.exit(main())
