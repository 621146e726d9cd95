"""Reads from the kernel what a process tree uses, and when an address was added to a set."""
import os
import socket
import struct
import subprocess
import threading
import time

TICK = os.sysconf("SC_CLK_TCK")


def tree(pid):
    """Returns the process and all its descendants."""
    children = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                children.setdefault(int(_stat(int(name))[1]), []).append(int(name))
            except OSError:
                pass  # the process has ended
    found = [pid]
    for process in found:
        found += children.get(process, [])
    return found


def memory(pid):
    """Returns the memory of the tree in MB: resident, private dirty, and all private."""
    total = {"Rss": 0, "Private_Dirty": 0, "Private_Clean": 0}
    for process in tree(pid):
        try:
            with open(f"/proc/{process}/smaps_rollup") as lines:
                for line in lines:
                    name = line.split(":")[0]
                    if name in total:
                        total[name] += int(line.split()[1])
        except OSError:
            pass
    dirty = total["Private_Dirty"]
    return {"rss": total["Rss"] / 1024, "private": dirty / 1024, "unique": (dirty + total["Private_Clean"]) / 1024}


def reset_peak(pid):
    with open(f"/proc/{pid}/clear_refs", "w") as file:
        file.write("5")


def peak(pid):
    """Returns the peak of the resident memory since reset_peak(), in MB."""
    with open(f"/proc/{pid}/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def cpu(pid):
    """Returns the seconds of CPU (user and system) of the tree; ended children are counted in whole ticks."""
    seconds = 0.0
    for process in tree(pid):
        try:
            # The CPU clock of another process, see clock_getcpuclockid(3): exact to the nanosecond, with ended threads.
            seconds += time.clock_gettime(~process << 3 | 2)
            seconds += sum(int(field) for field in _stat(process)[13:15]) / TICK
        except OSError:
            pass
    return seconds


def wakes(pid):
    """Returns how often the running threads of the tree have gone to sleep."""
    switches = 0
    for process in tree(pid):
        for thread in os.listdir(f"/proc/{process}/task"):
            try:
                with open(f"/proc/{process}/task/{thread}/status") as lines:
                    switches += next(int(line.split()[1]) for line in lines if line.startswith("voluntary_ctxt"))
            except OSError:
                pass
    return switches


def _stat(pid):
    # The fields from the state on: the name before the state may contain blanks and parentheses.
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rsplit(")", 1)[1].split()


class Interval:
    """Measures what a tree uses in a span of time, and which share of the machine other programs use meanwhile."""

    def __init__(self, pid):
        self.pid = pid
        self.begin = (time.monotonic(), cpu(pid), *self._machine(), time.process_time())

    def end(self):
        wall, used, busy, total, ours = self.begin
        now = self._machine()
        self.seconds = time.monotonic() - wall
        self.cpu = cpu(self.pid) - used
        foreign = now[0] - busy - self.cpu - (time.process_time() - ours)
        self.foreign = max(0.0, foreign) / max(1e-9, now[1] - total)
        return self

    @staticmethod
    def _machine():
        with open("/proc/stat") as file:
            fields = [int(field) for field in file.readline().split()[1:9]]
        return (sum(fields) - fields[3] - fields[4]) / TICK, sum(fields) / TICK


class KernelSets:
    """
    Records when the kernel adds which address to a set of nf_tables, for any program.

    The time is the arrival of the kernel's own message, which it sends when a transaction is committed. Messages are
    stored as they come and parsed only on demand, so that a thousand messages at once are not late.
    """

    _NETLINK_NETFILTER, _GROUP_NFTABLES = 12, 1 << 6
    _NEW_ELEMENTS = 10 << 8 | 12

    def __init__(self):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, self._NETLINK_NETFILTER)
        self.socket.setsockopt(socket.SOL_SOCKET, 33, 256 << 20)  # SO_RCVBUFFORCE
        self.socket.bind((0, self._GROUP_NFTABLES))
        self.messages = []
        self.taken = {}
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            data = self.socket.recv(1 << 20)
            self.messages.append((time.monotonic(), data))

    def forget(self):
        """Starts again with an empty kernel."""
        subprocess.run(["nft", "flush", "ruleset"], check=True)
        time.sleep(0.05)
        self.messages.clear()
        self.taken = {}

    def ignore(self):
        """Starts again, and leaves the kernel as it is."""
        self.messages.clear()
        self.taken = {}

    def await_address(self, address, seconds):
        """Returns the time when the kernel added the address."""
        return self._await(lambda: self.taken.get(address), f"{address} in the kernel", seconds)

    def await_count(self, count, seconds):
        """Returns the time when the kernel added the last of count addresses."""
        done = lambda: len(self.taken) >= count and max(self.taken.values())
        return self._await(done, f"{count} addresses in the kernel", seconds, lambda: len(self.taken))

    def _await(self, done, what, seconds, found=lambda: "none"):
        end = time.monotonic() + seconds
        while True:
            self._read()
            result = done()
            if result:
                return result
            if time.monotonic() > end:
                raise TimeoutError(f"after {seconds} s not {what}, but {found()}")
            time.sleep(0.003)

    def _read(self):
        messages, self.messages = self.messages, []
        for when, data in messages:
            at = 0
            while at + 20 <= len(data):
                length, kind = struct.unpack_from("=IH", data, at)
                if kind == self._NEW_ELEMENTS:
                    for address in _elements(data[at + 20 : at + length]):
                        self.taken.setdefault(address, when)
                at += max(16, (length + 3) & ~3)


def _attributes(data):
    at = 0
    while at + 4 <= len(data):
        length, kind = struct.unpack_from("=HH", data, at)
        if length < 4:
            return
        yield kind & 0x3FFF, data[at + 4 : at + length]
        at += (length + 3) & ~3


def _elements(data):
    """Yields the IPv4 and IPv6 addresses of a message about new elements."""
    for kind, elements in _attributes(data):
        if kind != 3:  # NFTA_SET_ELEM_LIST_ELEMENTS
            continue
        for _, element in _attributes(elements):
            fields = dict(_attributes(element))
            key = dict(_attributes(fields.get(1, b""))).get(1, b"")  # NFTA_SET_ELEM_KEY, NFTA_DATA_VALUE
            if len(key) in (4, 16):
                yield socket.inet_ntop(socket.AF_INET if len(key) == 4 else socket.AF_INET6, key)
