"""
The work for both programs. A scenario measures one or more rows; it runs for each program in turn.

Each scenario begins with a newly started program, an empty folder and an empty kernel, and need not clean up.
"""
import os
import random
import resource
import statistics
import subprocess
import time

import logs
import matcher
from agents import NEVER, TREE
from measure import Interval, memory, peak, reset_peak, wakes

JAVA = ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx96m"]


class Bench:
    """Shared by the scenarios: the programs, the kernel's messages, the list, and the rows for results."""

    def __init__(self, agents, kernel, feed, rows, sizes, say):
        self.agents, self.kernel, self.feed, self.rows, self.sizes, self.say = agents, kernel, feed, rows, sizes, say
        self.marks = 0

    def put(self, name, agent, value, foreign=None, note=None):
        row = self.rows[name]
        row.add(agent.name, value, foreign)
        if note:
            row.note(note)
        share = "" if foreign is None else f", foreign CPU {100 * foreign:.0f} %"
        self.say(f"  {agent.name}: {row.title}: {value:.{row.digits}f} {row.unit}{share}")

    def fresh(self, agent, **options):
        """Starts the program on nothing, and lets it ban one address: the first ban may cost more than any other."""
        agent.stop()
        agent.forget()
        self.kernel.forget()
        agent.start(**options)
        time.sleep(self.sizes.settle)
        self.mark(agent)
        time.sleep(self.sizes.settle)

    def apart(self):
        """Returns the programs that may run at once: two of ours would restore the same table against each other."""
        native = [agent for agent in self.agents if agent.name == "native"]
        others = [agent for agent in self.agents if agent.name != "native"]
        return [others, native] if native else [others]

    def mark(self, agent):
        """Lets the program ban a new address and waits for that ban: then it has judged all earlier lines."""
        self.marks += 1
        source = NEVER + str(self.marks % 250 + 1)
        self.kernel.ignore()
        agent.fail(source, 5)
        self.kernel.await_address(source, 300)

    def read(self, agent, data):
        """Returns the cost of judging these lines, none of which leads to a ban."""
        data = logs.at(data)
        interval = Interval(agent.pid)
        agent.write(data)
        self.mark(agent)
        time.sleep(0.3)  # until ended children are counted
        return interval.end()


def lines(bench, agent):
    count = bench.sizes.lines
    bench.fresh(agent)
    for number, name in enumerate(("first", "benign")):
        used = bench.read(agent, logs.benign(count, number * count, seed=number + 1))
        bench.put(name, agent, 1e6 * used.cpu / count, used.foreign)
    if agent.is_ours:
        _splitting(bench, agent, 1e6 * used.cpu / count)
    used = bench.read(agent, logs.attack(10**7, count, seed=3))
    bench.put("attack", agent, 1e6 * used.cpu / count, used.foreign)
    time.sleep(bench.sizes.settle)
    bench.put("seen", agent, memory(agent.pid)["rss"])
    if not bench.rows["seen-1m"].samples.get(agent.name) and (agent.is_ours or bench.sizes.full):
        for number in range(4):
            bench.read(agent, logs.attack(10**7 + (number + 1) * count, count, seed=4 + number))
        time.sleep(bench.sizes.settle)
        bench.put("seen-1m", agent, memory(agent.pid)["rss"])


def _splitting(bench, agent, ours):
    # JMH measures wall time. Other programs can only make it longer, which would flatter the ratio: so take the least.
    (splitting,) = matcher.run(agent.folder, matcher.SPLIT, ["benign"])
    bench.put("split", agent, ours / (min(splitting["ns"]) / 1000))


def line(bench, agent):
    bench.fresh(agent)
    reset_peak(agent.pid)
    agent.write(logs.at(f"[{logs.STAMP}] NOTICE[1] x.c: ".encode()))
    for _ in range(64):
        agent.write(b"A" * (1 << 20))
    time.sleep(bench.sizes.settle)
    agent.write(b"\n")
    # The program distrusts lines right after such a line.
    time.sleep(bench.sizes.settle)
    bench.mark(agent)
    bench.put("line", agent, peak(agent.pid))


def bans(bench, agent):
    count = bench.sizes.bans if agent.is_ours else bench.sizes.slow_bans
    scale = bench.sizes.bans / count
    note = None if scale == 1 else f"fail2ban with {count:,} of {bench.sizes.bans:,}, its figure multiplied by {scale:g}"
    bench.fresh(agent, maxretry=1)
    kept = [memory(agent.pid)["rss"]]
    for half in range(2):
        bench.kernel.ignore()
        interval = Interval(agent.pid)
        # A first failure alone may be an honest phone's, and two of 16,383 Call-IDs are taken for one attempt: so each
        # address fails three times.
        agent.write(logs.at(logs.burst(2 * 10**7 + half * count, count // 2, each=3, seed=5 + half)))
        bench.kernel.await_count(count // 2, 1800)
        used = interval.end()
        time.sleep(bench.sizes.settle + 2)
        kept.append(memory(agent.pid)["rss"])
        bench.say(f"  {agent.name}: {count // 2} bans in {used.seconds:.1f} s, {used.cpu:.1f} s of CPU")
    # The first few bans cost more than later ones: if there are few bans, only the second half counts.
    growth = kept[2] - kept[0] if scale == 1 else 2 * (kept[2] - kept[1]) * scale
    bench.put("bans", agent, growth, used.foreign, note)
    agent.stop()
    bench.kernel.forget()
    began = time.monotonic()
    agent.start(maxretry=1)
    last = bench.kernel.await_count(count, 1800)
    bench.put("restore", agent, (last - began) * scale, note=note)


def list_(bench, agent):
    wanted = bench.sizes.bans
    if agent.name == "fail2ban":
        bench.fresh(agent)
        count = bench.sizes.slow_bans
        began = time.monotonic()
        bench.kernel.ignore()
        agent.ban([logs.address(3 * 10**7 + number) for number in range(count)])
        seconds = bench.kernel.await_count(count, 3600) - began
        note = f"fail2ban with {count:,} by its client, its figure multiplied by {wanted / count:g}"
        bench.put("list", agent, seconds * wanted / count, note=note if count < wanted else None)
        return
    # APIBAN has 250 addresses on a page, and its rate limit makes any client take 40 minutes: that is not measured.
    bench.feed.hold([])
    bench.fresh(agent, feed=bench.feed)
    bench.feed.hold([logs.address(3 * 10**7 + number) for number in range(wanted)], page=10_000)
    bench.kernel.ignore()
    agent.sync()
    interval = Interval(agent.pid)
    last = bench.kernel.await_count(wanted, 300)
    note = "Sipward's list comes over TLS, 10,000 on a page, from the first request to the last address in the kernel"
    bench.put("list", agent, last - bench.feed.first_request, interval.end().foreign, note)


def feed(bench, agent):
    if agent.name == "fail2ban":
        return
    wanted = 2 * bench.sizes.bans
    bench.feed.hold([logs.address(3 * 10**7 + number) for number in range(wanted)], page=10_000)
    agent.stop()
    agent.forget()
    bench.kernel.forget()
    agent.start(feed=bench.feed)
    pages = (wanted + 9_999) // 10_000
    while bench.feed.requests < pages:
        time.sleep(0.1)
    time.sleep(bench.sizes.settle + 3)
    bench.put("feed", agent, memory(agent.pid)["rss"])
    held = subprocess.run(["nft", "list", "set", "inet", "sipward", "feed4"], capture_output=True, text=True).stdout
    if held.count("expires") != wanted:
        bench.rows["feed"].note(f"{held.count('expires'):,} of {wanted:,} are in the kernel")


def burst(bench, agent):
    count = bench.sizes.burst
    bench.fresh(agent)
    data = logs.at(logs.burst(4 * 10**7, count, each=6, seed=6))
    bench.kernel.ignore()
    interval = Interval(agent.pid)
    began = time.monotonic()
    agent.write(data)
    last = bench.kernel.await_count(count, 600)
    time.sleep(0.3)
    used = interval.end()
    bench.put("burst", agent, last - began, used.foreign)
    bench.put("burst-cpu", agent, used.cpu, used.foreign)


def start(bench, agent):
    agent.stop()
    agent.forget()
    bench.kernel.forget()
    bench.put("start", agent, agent.start())
    time.sleep(1)  # if it is stopped right after its start, fail2ban takes half a minute to stop


def steady(bench, agent):
    seconds, rate = bench.sizes.steady, 500
    bench.fresh(agent)
    some = logs.at(logs.benign(rate * seconds, 5 * 10**7, seed=7)).splitlines(True)
    # The program must be warm: it first reads a minute's worth of lines.
    bench.read(agent, logs.benign(60 * rate, 6 * 10**7, seed=8))
    interval = Interval(agent.pid)
    began = time.monotonic()
    written = 0
    while written < len(some):
        due = min(len(some), int((time.monotonic() - began) * rate) + 1)
        agent.write(b"".join(some[written:due]))
        written = due
        time.sleep(0.02)
    used = interval.end()
    bench.put("steady", agent, 100 * used.cpu / used.seconds, used.foreign)


def latency(bench):
    for agents in bench.apart():
        _latency(bench, agents)


def _latency(bench, agents):
    """All run at once, since they sleep most of the time: one line to one program, then one to the next."""
    chance = random.Random(9)
    times = {agent.name: [] for agent in agents}
    for agent in agents:
        agent.stop()
        agent.forget()
    bench.kernel.forget()
    for agent in agents:
        agent.start(backend="pyinotify")
        bench.mark(agent)
    for number in range(bench.sizes.latency):
        for place, agent in enumerate(agents):
            source = f"91.198.{place}.{number + 1}"
            agent.fail(source, 4)
            time.sleep(bench.sizes.pause * (1 + chance.random()))
            bench.kernel.ignore()
            began = time.monotonic()
            agent.fail(source, 1)
            times[agent.name].append(1000 * (bench.kernel.await_address(source, 60) - began))
    for agent in agents:
        agent.stop()
        bench.put("latency", agent, statistics.median(times[agent.name]))
        bench.put("latency-worst", agent, max(times[agent.name]))
        bench.rows["latency"].note(f"of {bench.sizes.latency}; fail2ban with pyinotify, its fastest backend")


def rest(bench):
    for agents in bench.apart():
        _rest(bench, agents)


def _rest(bench, agents):
    """All run at once, since they only rest."""
    bench.feed.hold([logs.address(3 * 10**7 + number) for number in range(2000)])
    for agent in agents:
        agent.stop()
        agent.forget()
    bench.kernel.forget()
    for agent in agents:
        agent.start(feed=bench.feed)
    time.sleep(bench.sizes.rest / 2)
    before = {agent.name: wakes(agent.pid) for agent in agents}
    intervals = {agent.name: Interval(agent.pid) for agent in agents}
    time.sleep(bench.sizes.rest / 2)
    for agent in agents:
        used = intervals[agent.name].end()
        woke = wakes(agent.pid) - before[agent.name]
        kept = memory(agent.pid)
        bench.put("rest", agent, kept["rss"], note=f"after {bench.sizes.rest} s; CPU and wake-ups in the second half")
        bench.put("rest-private", agent, kept["private"])
        bench.put("rest-cpu", agent, 100 * used.cpu / used.seconds, used.foreign)
        bench.put("rest-wakes", agent, woke / used.seconds, used.foreign)
    for place, agent in enumerate(agents):
        source = f"91.199.{place}.1"
        bench.kernel.ignore()
        began = time.monotonic()
        agent.fail(source, 5)
        bench.put("rested", agent, 1000 * (bench.kernel.await_address(source, 60) - began))
    for agent in agents:
        agent.stop()


def store(bench):
    ours = next(agent for agent in bench.agents if agent.name == "sipward")
    classes = f"{TREE}/target/test-classes:{TREE}/target/sipward/lib/*"
    command = [*JAVA, "-cp", classes, "org.sipward.bench.StoreGrowth", ours.folder + "/growth", str(bench.sizes.stored)]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    bench.put("store", ours, int(out[-1]) / 1e6)
    bench.rows["store"].note(f"at most {int(out[0]) / 1e6:.0f} MB on the way; {bench.sizes.stored:,} bans, of which the store keeps 200,000")


def mend(bench, agent):
    if not agent.is_ours:
        return  # fail2ban never looks
    bench.fresh(agent)
    source = "91.200.0.1"
    agent.fail(source, 5)
    bench.kernel.await_address(source, 60)
    for name, change in ("mend-ruleset", ["ruleset"]), ("mend-set", ["set", "inet", "sipward", "jail4"]):
        time.sleep(bench.sizes.settle)
        bench.kernel.ignore()
        began = time.monotonic()
        subprocess.run(["nft", "flush", *change], check=True)
        bench.put(name, agent, bench.kernel.await_address(source, 600) - began)


def size(bench):
    """What is needed beside Java or Python."""
    tree = f"{TREE}/target/sipward"
    needed = {
        "fail2ban": [bench.agents[0].unpacked],
        "sipward": [f"{tree}/{name}" for name in os.listdir(tree) if name != "lib"] + _jars(tree),
        "native": [f"{tree}/{name}" for name in os.listdir(tree) if name != "lib"] + [f"{tree}/lib/native"],
    }
    for agent in bench.agents:
        used = subprocess.run(["du", "-ck", *needed[agent.name]], capture_output=True, text=True, check=True)
        bench.put("disk", agent, int(used.stdout.split()[-2]) / 1024)
        # A pipe of two programs, without a shell.
        packed = subprocess.Popen(["tar", "-cP", *needed[agent.name]], stdout=subprocess.PIPE)
        download = subprocess.run(["xz", "-T0"], stdin=packed.stdout, capture_output=True, check=True)
        packed.wait()
        bench.put("download", agent, len(download.stdout) / 1e6)
    bench.rows["disk"].note("fail2ban and the JVM variant without Python and Java; the JVM variant with its class archive")


def _jars(tree):
    return [f"{tree}/lib/{name}" for name in os.listdir(f"{tree}/lib") if name != "native"]


def grep(bench):
    """For scale: what grep takes to count the lines that one of the filter's patterns matches."""
    patterns, log = f"{bench.agents[0].folder}/patterns", f"{bench.agents[0].folder}/benign.log"
    with open(f"{TREE}/filters/asterisk.yaml") as lines, open(patterns, "w") as file:
        file.writelines(logs.extended(line) for line in lines if line.startswith("      ^"))
    with open(log, "wb") as file:
        file.write(logs.benign(bench.sizes.lines, 0, seed=2))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = dict(os.environ, LC_ALL="C")
    found = subprocess.run(["grep", "-cEf", patterns, log], capture_output=True, text=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    bench.rows["grep"].add("sipward", 1e6 * used / bench.sizes.lines)
    bench.rows["grep"].note(f"grep, not Sipward; it finds {found.stdout.strip()} lines, and neither groups nor forged lines")
