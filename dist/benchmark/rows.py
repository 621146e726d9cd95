"""The measured figures: a row for each, with its goal."""
import statistics


class Row:
    """One line of the table, with its measured values."""

    def __init__(self, name, title, unit, goal, reached, digits=1):
        self.name, self.title, self.unit, self.goal, self.digits = name, title, unit, goal, digits
        self.is_reached = reached
        self.samples = {}
        self.notes = []

    def add(self, agent, value, foreign=None):
        self.samples.setdefault(agent, []).append((value, foreign))

    def note(self, text):
        if text not in self.notes:
            self.notes.append(text)

    def median(self, agent):
        values = [value for value, _ in self.samples.get(agent, [])]
        return statistics.median(values) if values else None

    def ours(self):
        """Returns Sipward's value: that of the native program if it was measured."""
        native = self.median("native")
        return self.median("sipward") if native is None else native

    def ratio(self):
        """Returns fail2ban's value divided by Sipward's."""
        theirs, ours = self.median("fail2ban"), self.ours()
        return theirs / ours if theirs is not None and ours else None

    def reached(self):
        """Returns whether the goal is reached, or None if that was not measured."""
        ours = self.ours()
        return None if ours is None else self.is_reached(ours, self.ratio())

    def foreign(self):
        shares = [share for samples in self.samples.values() for _, share in samples if share is not None]
        return max(shares) if shares else None

    def text(self, agent):
        values = [value for value, _ in self.samples.get(agent, [])]
        if not values:
            return "-"
        middle = f"{statistics.median(values):.{self.digits}f}"
        if len(values) == 1:
            return f"{middle} {self.unit}"
        return f"{middle} ({min(values):.{self.digits}f}-{max(values):.{self.digits}f}) {self.unit}"

    def json(self):
        values = {agent: [value for value, _ in samples] for agent, samples in self.samples.items()}
        foreign = {agent: [share for _, share in samples] for agent, samples in self.samples.items()}
        return {
            "row": self.name,
            "title": self.title,
            "unit": self.unit,
            "goal": self.goal,
            "reached": self.reached(),
            "ratio": self.ratio(),
            "median": {agent: self.median(agent) for agent in values},
            "values": values,
            "foreign": foreign,
            "notes": self.notes,
        }


def _at_most(limit):
    return lambda ours, ratio: ours <= limit


def _anything(ours, ratio):
    return None


def rows():
    """Returns all rows, in the order of the table, without values. The goals are those of the native program."""
    table = [
        Row("benign", "benign log, 1 % hits, CPU a line, steady", "us", "<= 0.6", _at_most(0.6), 2),
        Row("split", "the same, as a multiple of only splitting lines", "x", "<= 3.5", _at_most(3.5)),
        Row("grep", "the same log, all patterns by grep -E, CPU a line", "us", "-", _anything, 2),
        Row("attack", "attack log, 200,000 addresses, CPU a line", "us", "<= 4.5", _at_most(4.5), 2),
        Row("first", "first 200,000 lines after start, CPU a line", "us", "<= 0.7", _at_most(0.7), 2),
        Row("rest", "resident at rest, with list and store", "MB", "<= 24", _at_most(24)),
        Row("rest-private", "private dirty memory at rest", "MB", "<= 13", _at_most(13)),
        Row("seen", "resident after 200,000 attackers", "MB", "<= 45", _at_most(45)),
        Row("seen-1m", "resident after 1,000,000 attackers", "MB", "<= 45", _at_most(45)),
        Row("line", "peak resident during a line of 64 MB", "MB", "<= 60", _at_most(60)),
        Row("bans", "50,000 bans in force, resident growth", "MB", "<= 6", _at_most(6)),
        Row("feed", "resident with 100,000 entries of a list", "MB", "<= 60", _at_most(60)),
        Row("list", "50,000 addresses of a list into the kernel", "s", "<= 1", _at_most(1), 2),
        Row("latency", "line written to address in the kernel, median", "ms", "<= 5", _at_most(5)),
        Row("latency-worst", "line written to address in the kernel, worst", "ms", "<= 15", _at_most(15)),
        Row("rested", "the same, the first line after a rest", "ms", "<= 50", _at_most(50)),
        Row("burst", "1,000 attackers at once, all in the kernel", "s", "<= 0.05", _at_most(0.05), 3),
        Row("burst-cpu", "1,000 attackers at once, CPU", "s", "<= 0.08", _at_most(0.08), 3),
        Row("start", "start to watching", "s", "<= 0.15", _at_most(0.15), 2),
        Row("restore", "start to 50,000 bans back in an empty kernel", "s", "<= 0.5", _at_most(0.5), 2),
        Row("mend-ruleset", "ban back in the kernel after flush ruleset", "s", "<= 1", _at_most(1), 2),
        Row("mend-set", "ban back in the kernel after flush set", "s", "<= 1", _at_most(1), 2),
        Row("rest-cpu", "CPU at rest, of one core", "%", "<= 0.02", _at_most(0.02), 3),
        Row("rest-wakes", "wake-ups at rest, a second", "/s", "<= 1", _at_most(1)),
        Row("steady", "CPU at 500 lines a second, of one core", "%", "<= 0.2", _at_most(0.2), 2),
        Row("store", "store on disk, a month of bans and one of purging", "MB", "<= 100", _at_most(100)),
        Row("disk", "the program on disk", "MB", "<= 45", _at_most(45)),
        Row("download", "the program as a download", "MB", "-", _anything),
    ]
    return {row.name: row for row in table}


def table(rows_measured, agents):
    """Returns the table as lines of text, with a column for each program."""
    widths = (52, *[25] * len(agents), 7, 7, 7, 7)
    titles = [agent.title for agent in agents]
    lines = [cells(widths, "", *titles, "ratio", "goal", "reached", "foreign"), "-" * (sum(widths) + 2 * len(widths))]
    notes = []
    for row in rows_measured:
        ratio, foreign = row.ratio(), row.foreign()
        marks = ""
        for note in row.notes:
            if note not in notes:
                notes.append(note)
            marks += f" [{notes.index(note) + 1}]"
        lines.append(
            cells(
                widths,
                row.title + marks,
                *[row.text(agent.name) for agent in agents],
                "-" if ratio is None else f"{ratio:.3g}",
                row.goal,
                {True: "yes", False: "NO", None: "-"}[row.reached()],
                "-" if foreign is None else f"{100 * foreign:.0f} %",
            )
        )
    return lines + [""] * bool(notes) + [f"[{number}] {note}" for number, note in enumerate(notes, 1)]


def cells(widths, *texts):
    """Returns a line of a table."""
    return "  ".join(text.ljust(width) for text, width in zip(texts, widths)).rstrip()
