"""
Writes logs as Asterisk 18 does, in its files "messages" and "security": the same bytes for the same seed.

All lines of a log have the same stamp, STAMP; at() replaces it by the present time.
"""
import random
import re
import time

STAMP = "2026-01-01 00:00:00"
PBX = "192.0.2.10"
_SPACE = 1 << 29  # 64.0.0.0 to 95.255.255.255, all of it public


def address(number):
    """Returns the n-th of half a billion addresses. Consecutive numbers give addresses that are far apart."""
    bits = (64 << 24) + number * 0x9E3779B1 % _SPACE
    return ".".join(str(bits >> shift & 255) for shift in (24, 16, 8, 0))


def at(log, when=None):
    """Returns the log as if it were written at this time, by default now."""
    return log.replace(STAMP.encode(), time.strftime("%F %T", time.gmtime(when)).encode())


def failure(source, number=0):
    """Returns a line that reports a wrong password from this address."""
    return (
        f"[{STAMP}] NOTICE[2222] res_pjsip/pjsip_distributor.c: Request 'REGISTER' from '\"{number}\" "
        f"<sip:1000@{PBX}>' failed for '{source}:5060' (callid: {number}) - Failed to authenticate\n"
    )


def failures(source, count, first=0):
    """Returns count lines, with Call-IDs from first on: two lines with one Call-ID are one attempt."""
    return "".join(failure(source, first + number) for number in range(count)).encode()


def attack(first, count, seed):
    """Returns a log of count lines, each a failure of another address."""
    return Log(seed).attack(first, count)


def burst(first, count, each, seed):
    """
    Returns a log in which count addresses fail in turn, until each has failed each times.

    Each line has its own Call-ID: lines without a Call-ID could report one attempt, and would count as one.
    """
    ids = random.Random(seed)
    return "".join(
        failure(address(first + number), ids.getrandbits(64)) for _ in range(each) for number in range(count)
    ).encode()


def benign(lines, first, seed):
    """Returns the log of a working server. One line in a hundred is a failure; each attacker fails twice in it."""
    log = Log(seed)
    made = []
    for number in range(lines):
        if number % 100 == 99:
            made.append(log.hit(address(first + number // 200)))
        else:
            made.append(log.usual())
    return "".join(made).encode()


class Log:
    """Makes random lines, the same for the same seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.kinds = [self._dialplan] * 36 + [self._channel] * 26 + [self._peer] * 13
        self.kinds += [self._warning] * 5 + [self._security] * 15 + [self._debug] * 5

    def attack(self, first, count):
        return "".join(self.hit(address(first + number)) for number in range(count)).encode()

    def usual(self):
        return self.random.choice(self.kinds)()

    def hit(self, source):
        draw, user, port = self.random.randrange(8), self._number(1000, 9999), self._number(1024, 65535)
        if draw < 3:
            method = ("REGISTER", "INVITE", "OPTIONS")[draw]
            reason = self.random.choice(("No matching endpoint found", "Failed to authenticate"))
            return self._line(
                "NOTICE",
                f"res_pjsip/pjsip_distributor.c: Request '{method}' from '\"{user}\" <sip:{user}@{PBX}>' failed for "
                f"'{source}:{port}' (callid: {self._hex(32)}) - {reason}",
            )
        if draw == 3:
            reason = self.random.choice(("Wrong password", "No matching peer found"))
            return self._line(
                "NOTICE",
                f"chan_sip.c: Registration from '\"{user}\" <sip:{user}@{PBX}>' failed for '{source}:{port}' - {reason}",
            )
        if draw == 4:
            return self._line(
                "NOTICE",
                f"chan_sip.c: Call from '' ({source}:{port}) to extension '00{self._number(10**10, 10**12)}' rejected "
                "because extension not found in context 'default'.",
                call=True,
            )
        event = ("InvalidAccountID", "ChallengeResponseFailed", "InvalidPassword")[draw - 5]
        tail = {
            "InvalidAccountID": "",
            "ChallengeResponseFailed": f',Challenge="{self._hex(32)}",Response="{self._hex(32)}",ExpectedResponse=""',
            "InvalidPassword": f',Challenge="{self._hex(8)}",ReceivedChallenge="{self._hex(8)}",'
            f'ReceivedHash="{self._hex(32)}"',
        }[event]
        return self._event(event, "Error", user, source, port, tail, chan_sip=event == "InvalidPassword")

    def _dialplan(self):
        name = self._endpoint()
        step = self.random.choice(
            (
                f'Set("{name}", "DIAL_OPTIONS=trI")',
                f'GotoIf("{name}", "1?ext-local,{self._extension()},1")',
                f'Macro("{name}", "user-callerid,")',
                f'Dial("{name}", "PJSIP/{self._extension()},30,tT")',
                f'Hangup("{name}", "")',
            )
        )
        context = self.random.choice(("from-internal", "macro-dialout-trunk", "ext-local", "from-trunk"))
        number = self._number(10**9, 10**12) if self.random.random() < 0.5 else self._extension()
        return self._line(
            "VERBOSE", f"pbx.c: Executing [{number}@{context}:{self._number(1, 30)}] {step} in new stack", call=True
        )

    def _channel(self):
        name = self._endpoint()
        said = self.random.choice(
            (
                f"app_dial.c: Called PJSIP/{self._extension()}",
                f"app_dial.c: {name} is ringing",
                f"app_dial.c: {name} answered {self._endpoint()}",
                f"bridge_channel.c: Channel {name} joined 'simple_bridge' basic-bridge <{self._hex(8)}-{self._hex(12)}>",
            )
        )
        return self._line("VERBOSE", said, call=True)

    def _peer(self):
        name = self._extension()
        said = self.random.choice(
            (
                f"chan_sip.c: Peer '{name}' is now Reachable. ({self._number(5, 90)}ms / 2000ms)",
                f"chan_sip.c: Peer '{name}' is now UNREACHABLE!  Last qualify: {self._number(5, 2000)}",
                f"res_pjsip/pjsip_distributor.c: Ignoring unsolicited response from '{self._phone()}:5060' "
                f"(callid: {self._hex(32)})",
            )
        )
        return self._line("NOTICE", said)

    def _warning(self):
        said = self.random.choice(
            (
                f"chan_sip.c: Retransmission timeout reached on transmission {self._hex(32)}@{PBX}:5060 for seqno "
                f"{self._number(1, 200)} (Critical Response)",
                f"channel.c: Exceptionally long voice queue length queuing to {self._endpoint()}",
                f"taskprocessor.c: The 'stasis/m:manager:core-{self._hex(8)}' task processor queue reached 500 "
                "scheduled tasks.",
            )
        )
        return self._line("WARNING", said)

    def _security(self):
        if self.random.random() < 0.5:
            event, tail = "ChallengeSent", f',Challenge="{self._hex(32)}"'
        else:
            event, tail = "SuccessfulAuth", ',UsingPassword="1"'
        return self._event(event, "Informational", self._extension(), self._phone(), self._number(1024, 65535), tail)

    def _debug(self):
        said = self.random.choice(
            ("res_rtp_asterisk.c: RTP sequence number wrapped", "chan_pjsip.c: Method is INVITE, Response is 200 OK")
        )
        return self._line("DEBUG", said, call=True)

    def _event(self, event, severity, user, source, port, tail, chan_sip=False):
        service, session = ("SIP", f"0x{self._hex(12)}") if chan_sip else ("PJSIP", self._hex(32))
        return self._line(
            "SECURITY",
            f'res_security_log.c: SecurityEvent="{event}",EventTV="{STAMP[:10]}T{STAMP[11:]}.000+0000",'
            f'Severity="{severity}",Service="{service}",EventVersion="1",AccountID="{user}",SessionID="{session}",'
            f'LocalAddress="IPV4/UDP/{PBX}/5060",RemoteAddress="IPV4/UDP/{source}/{port}"{tail}',
        )

    def _line(self, level, text, call=False):
        of_call = f"[C-{self._hex(8)}]" if call else ""
        return f"[{STAMP}] {level}[{self._number(1000, 32000)}]{of_call} {text}\n"

    def _endpoint(self):
        return f"PJSIP/{self._extension()}-{self._hex(8)}"

    def _extension(self):
        return self._number(100, 400)

    def _phone(self):
        return f"10.20.{self._number(0, 256)}.{self._number(1, 255)}"

    def _number(self, low, high):
        return low + int(self.random.random() * (high - low))

    def _hex(self, digits):
        return f"{self.random.getrandbits(4 * digits):0{digits}x}"


def extended(pattern):
    """Returns a pattern of a filter as grep -E understands it, to be found anywhere in a line."""
    found = pattern.strip().removeprefix("^").replace("<ADDR>", "[0-9a-fA-F:.]+").replace("(?:", "(")
    return re.sub("</?F-[A-Z]+>", "", found) + "\n"
