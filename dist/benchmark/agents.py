"""The measured programs with one interface: each has a folder of its own and watches one log."""
import os
import shutil
import subprocess
import time

import logs

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BANTIME, FINDTIME = 86400, 600
NEVER = "93.184.216."  # no generated log contains these addresses


class Agent:
    """
    A program that watches self.log.

    start() and stop() may alternate; the files of the program stay between them. forget() deletes them.
    """

    name = "?"
    title = "?"
    is_ours = False

    def __init__(self, folder):
        self.folder = os.path.join(folder, self.name)
        self.log = os.path.join(self.folder, "asterisk.log")
        self.output = os.path.join(self.folder, "output")
        self.process = None
        self.failures = 0
        self.forget()

    @property
    def pid(self):
        return self.process.pid

    def forget(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        self.write(logs.at(f"[{logs.STAMP}] NOTICE[1] loader.c: 287 modules will be loaded.\n".encode()))

    def write(self, data):
        """Appends to the log that the program watches."""
        with open(self.log, "ab", buffering=0) as file:
            view = memoryview(data)
            while view:
                view = view[file.write(view) :]

    def fail(self, source, count):
        self.write(logs.at(logs.failures(source, count, self.failures)))
        self.failures += count

    def start(self, maxretry=5, **options):
        """Starts the program. Returns the seconds until it reports that it watches its log."""
        self.configure(maxretry, **options)
        open(self.output, "w").close()
        begin = time.monotonic()
        with open(self.output + ".std", "w") as output:
            self.process = subprocess.Popen(
                self.command(), stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=self.environment()
            )
        while not self.watches():
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.name} ended: {self.said()}")
            if time.monotonic() - begin > 180:
                raise TimeoutError(f"{self.name} does not start: {self.said()}")
            time.sleep(0.002)
        return time.monotonic() - begin

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def said(self):
        """Returns the end of what the program printed."""
        text = ""
        for path in (self.output + ".std", self.output):
            if os.path.exists(path):
                with open(path, errors="replace") as file:
                    text += file.read()
        return text[-2000:]

    def environment(self):
        return dict(os.environ, TZ="UTC", LC_ALL="C.UTF-8")


class Fail2ban(Agent):
    """Debian's fail2ban, unpacked, with Debian's own configuration, filter and action for nftables."""

    name = title = "fail2ban"

    def __init__(self, folder, unpacked):
        self.unpacked = os.path.abspath(unpacked)
        self.backend = "polling"
        super().__init__(folder)
        self.etc = os.path.join(self.folder, "etc")
        self.socket = os.path.join(self.folder, "socket")

    def version(self):
        with open(f"{self.unpacked}/usr/lib/python3/dist-packages/fail2ban/version.py") as lines:
            number = next(line.split('"')[1] for line in lines if line.startswith("version"))
        return f"fail2ban {number}"

    def configure(self, maxretry, backend="polling", feed=None):
        self.backend = backend
        shutil.rmtree(self.etc, ignore_errors=True)
        shutil.copytree(self.unpacked + "/etc/fail2ban", self.etc, symlinks=True)
        shutil.rmtree(self.etc + "/jail.d")  # it enables sshd
        with open(self.etc + "/fail2ban.local", "w") as file:
            file.write(
                f"[Definition]\nlogtarget = {self.output}\nsocket = {self.socket}\npidfile = {self.folder}/pid\n"
                f"dbfile = {self.folder}/database\n"
            )
        with open(self.etc + "/jail.local", "w") as file:
            file.write(
                f"[asterisk]\nenabled = true\nbackend = {backend}\nlogpath = {self.log}\nmaxretry = {maxretry}\n"
                f"findtime = {FINDTIME}\nbantime = {BANTIME}\nusedns = no\n"
                "action = nftables-multiport[name=asterisk, port=\"5060,5061\", protocol=udp, blocktype=drop]\n"
            )

    def command(self):
        server = self.unpacked + "/usr/bin/fail2ban-server"
        return ["/usr/bin/python3", server, "-c", self.etc, "-s", self.socket, "-p", self.folder + "/pid", "-xf", "start"]

    def watches(self):
        with open(self.output, "rb") as file:
            return b"Jail 'asterisk' started" in file.read()

    def ban(self, addresses):
        """Bans these by fail2ban's own client, which returns when the server has queued the bans."""
        client = self.unpacked + "/usr/bin/fail2ban-client"
        for begin in range(0, len(addresses), 5000):
            some = addresses[begin : begin + 5000]
            command = ["/usr/bin/python3", client, "-c", self.etc, "-s", self.socket, "set", "asterisk", "banip", *some]
            subprocess.run(command, env=self.environment(), stdout=subprocess.DEVNULL, check=True)

    def environment(self):
        # An installed setuptools would add 16 MB to fail2ban, which does not need it.
        return dict(
            super().environment(),
            PYTHONPATH=self.unpacked + "/usr/lib/python3/dist-packages",
            SETUPTOOLS_USE_DISTUTILS="stdlib",
        )


class Sipward(Agent):
    """The built tree in target/sipward, on a JVM."""

    name = "sipward"
    title = "on a JVM"
    is_ours = True

    def __init__(self, folder):
        self.program = os.path.join(TREE, "target/sipward/bin/sipward")
        self.trusted = None
        super().__init__(folder)

    def version(self):
        command = [self.program, "--version"]
        said = subprocess.run(command, capture_output=True, text=True, env=self.environment()).stdout.strip()
        return said or "sipward"

    def configure(self, maxretry, backend=None, feed=None):
        lines = [
            "jails:",
            f"  asterisk: {{filter: asterisk, source: {{file: {self.log}}}, timezone: UTC, maxretry: {maxretry},"
            f" findtime: {FINDTIME}s, bantime: {BANTIME}s}}",
            f"store: {{path: {self.folder}/store}}",
            f"socket: {self.folder}/socket",
        ]
        self.trusted = feed
        if feed:
            lines.append(f"feeds: {{apiban: {{keyfile: {feed.keyfile}, url: '{feed.url}'}}}}")
        with open(self.folder + "/sipward.yaml", "w") as file:
            file.write("\n".join(lines) + "\n")

    def command(self):
        return [self.program, "run", "-c", self.folder + "/sipward.yaml"]

    def watches(self):
        with open(self.output + ".std", "rb") as file:
            return b"sipward runs" in file.read()

    def sync(self):
        """Asks the running agent to read its lists now."""
        command = [self.program, "feed", "sync", "-c", self.folder + "/sipward.yaml"]
        subprocess.run(command, env=self.environment(), stdout=subprocess.DEVNULL, check=True)

    def environment(self):
        environment = dict(super().environment(), SIPWARD_JVM="1")
        if self.trusted:
            environment["JDK_JAVA_OPTIONS"] = f"-Djavax.net.ssl.trustStore={self.trusted.trusted}"
        return environment


class Native(Sipward):
    """The same tree with the native program, which dist/native puts there."""

    name = "native"
    title = "native"

    @staticmethod
    def is_built():
        return os.access(os.path.join(TREE, "target/sipward/lib/native/sipward"), os.X_OK)

    def environment(self):
        environment = super(Sipward, self).environment()
        environment.pop("SIPWARD_JVM", None)
        if self.trusted:
            environment["SSL_CERT_FILE"] = self.trusted.trusted_pem
        return environment
