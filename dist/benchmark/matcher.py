"""
Measures each step in the processing of a line alone, by JMH, in a JVM of its own for each figure.

Also compares what two versions read out of the same lines.
"""
import itertools
import json
import os
import statistics
import subprocess

import logs
from agents import TREE
from measure import Interval
from rows import cells

LINES = 5_000  # the same as in LogBenchmark
SPLIT, JUDGE = "MatcherBenchmark.split", "JailBenchmark.judge"
WAYS = {
    SPLIT: "only splitting lines",
    "MatcherBenchmark.automata": "the filter, as the agent reads a log",
    "MatcherBenchmark.literals": "re2j, for each pattern whose literal is in the line",
    "MatcherBenchmark.re2j": "re2j, for each pattern",
    JUDGE: "a new jail, for the matches of the filter",
}
WIDTHS = (48, 6, 30, 10, 8, 7)


def run(folder, way, kinds):
    """Returns a list of figures: the time of this step for a line, one figure for each kind of log."""
    made = {"benign": lambda: logs.benign(LINES, 0, seed=2), "attack": lambda: logs.attack(10**7, LINES, seed=3)}
    for kind in kinds:
        with open(os.path.join(folder, kind + ".log"), "wb") as file:
            file.write(logs.at(made[kind]()))
    with open(f"{TREE}/target/benchmark.classpath") as file:
        classes = f"{TREE}/target/test-classes:{TREE}/target/classes:{file.read()}"
    result = os.path.join(folder, "jmh.json")
    command = ["java", f"-Djava.io.tmpdir={folder}", "-cp", classes, "org.openjdk.jmh.Main", f"\\.{way}$"]
    command += ["-p", f"folder={folder}", "-p", "log=" + ",".join(kinds), "-foe", "true", "-prof", "gc"]
    interval = Interval(os.getpid())
    out = subprocess.run([*command, "-rf", "json", "-rff", result], cwd=TREE, capture_output=True, text=True)
    foreign = interval.end().foreign
    if out.returncode:
        raise RuntimeError(f"JMH failed: {(out.stdout + out.stderr)[-2000:]}")
    with open(result) as file:
        return [_figure(way, one, foreign) for one in json.load(file)]


def _figure(way, measured, foreign):
    values = [value for fork in measured["primaryMetric"]["rawData"] for value in fork]
    return {
        "way": way,
        "log": measured["params"]["log"],
        "median": statistics.median(values),
        "ns": values,
        "garbage": measured["secondaryMetrics"]["gc.alloc.rate.norm"]["score"],
        "foreign": foreign,
    }


def measure(bench):
    """Measures all steps, and adds their figures to bench.alone."""
    splitting = {}
    for way in WAYS:
        for figure in run(bench.agents[-1].folder, way, ["attack"] if way == JUDGE else ["benign", "attack"]):
            splitting.setdefault(figure["log"], figure["median"])  # SPLIT comes first
            figure["splittings"] = figure["median"] / splitting[figure["log"]]
            bench.alone.append(figure)
            bench.say(f"  {WAYS[way]}: {figure['log']}: {figure['median']:.0f} ns a line")


def table(figures):
    """Returns the table as lines of text."""
    titles = ("each alone, by JMH", "log", "ns a line", "splittings", "garbage", "foreign")
    lines = [cells(WIDTHS, *titles), "-" * (sum(WIDTHS) + 10)]
    for one in figures:
        lines.append(
            cells(
                WIDTHS,
                WAYS[one["way"]],
                one["log"],
                f"{one['median']:.0f} ({min(one['ns']):.0f}-{max(one['ns']):.0f})",
                f"{one['splittings']:.1f}",
                f"{one['garbage']:.0f} B",
                f"{100 * one['foreign']:.0f} %",
            )
        )
    return lines


def compare(other, seed, lines, without_sessions):
    """
    Feeds the recorded logs and mutated lines to this version and to the one that was built in another tree.

    Prints the first difference and returns 1, or returns 0 if all answers are the same.
    """
    print(f"seed {seed}: reading the recorded logs and {lines:,} mutated lines with both versions...", flush=True)
    began = [_answers(tree, seed, lines, without_sessions) for tree in (os.path.abspath(other), TREE)]
    answers = 0
    for theirs, ours in itertools.zip_longest(*(process.stdout for process in began)):
        if theirs != ours:
            for process in began:
                process.kill()
            print(f"DIFFERENT, after {answers:,} answers that are the same.")
            print(f"{other}:\n{(theirs or 'no more answers')[:2000]}\nthis tree:\n{(ours or 'no more answers')[:2000]}")
            return 1
        answers += 1
    if any(process.wait() for process in began):
        raise RuntimeError("a version failed; see above")
    print(f"the same: {answers:,} answers")
    return 0


def _answers(tree, seed, lines, without_sessions):
    command = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"]
    command += ["-cp", f"{tree}/target/sipward/lib/*:{TREE}/target/test-classes", "org.sipward.bench.Answers"]
    command += [f"{tree}/target/sipward/filters", str(seed), str(lines), str(without_sessions).lower()]
    return subprocess.Popen(command, cwd=TREE, stdout=subprocess.PIPE, text=True)
