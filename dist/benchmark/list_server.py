"""A list of attackers on loopback, over TLS, in version 2 of APIBAN's protocol."""
import http.server
import json
import os
import secrets
import shutil
import ssl
import subprocess
import threading
import time

CACERTS = "/etc/ssl/certs/java/cacerts"
CA_BUNDLE = "/etc/ssl/certs/ca-certificates.crt"


class ListServer:
    """
    Serves the addresses of the last hold() in pages: APIBAN has 250 addresses on a page, a hub may have more.

    An agent needs url, keyfile and trusted (a Java key store) or trusted_pem (a file of certificates) to read it.
    """

    def __init__(self, folder):
        self.addresses, self.page = [], 250
        self.first_request = None
        self.requests = 0
        self.keyfile = os.path.join(folder, "key")
        key = secrets.token_hex(16)
        with open(self.keyfile, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(key + "\n")
        certificate = self._certificate(folder)
        handler = type("Handler", (_Handler,), {"list": self, "expected": "Bearer " + key})
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, certificate)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.url = f"https://localhost:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def hold(self, addresses, page=250):
        self.addresses, self.page = addresses, page
        self.requests, self.first_request = 0, None
        # The IDs of the pages are seconds since 1970, all of them in the last hour.
        self.base = int(time.time()) - 3600

    def answer(self, place):
        """Returns the status and the body of the page after this ID."""
        if self.first_request is None:
            self.first_request = time.monotonic()
        self.requests += 1
        number = max(0, place - self.base) if place >= self.base else 0
        some = self.addresses[number * self.page : (number + 1) * self.page]
        if not some:
            return 400, {"ipaddress": ["no new bans"], "ID": "none"}
        return 200, {"ipaddress": some, "ID": str(self.base + number + 1)}

    def _certificate(self, folder):
        """Makes a certificate, and two files that trust it and everything that is trusted anyway."""
        path, self.trusted = os.path.join(folder, "certificate.pem"), os.path.join(folder, "trusted")
        names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
        openssl = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
        keytool = ["keytool", "-importcert", "-noprompt", "-alias", "bench", "-file", path, "-keystore", self.trusted]
        quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run([*openssl, "-addext", names, "-keyout", path + ".key", "-out", path], **quiet)
        if os.path.exists(CACERTS):
            shutil.copy(CACERTS, self.trusted)
        subprocess.run([*keytool, "-storepass", "changeit"], **quiet)
        self.trusted_pem = self.trusted + ".pem"
        with open(self.trusted_pem, "wb") as trusted:
            for part in [CA_BUNDLE] * os.path.exists(CA_BUNDLE) + [path]:
                with open(part, "rb") as certificates:
                    trusted.write(certificates.read())
        with open(path, "a") as both, open(path + ".key") as key:
            both.write(key.read())
        return path


class _Handler(http.server.BaseHTTPRequestHandler):
    list = None
    expected = ""
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("Authorization") != self.expected:
            status, answer = 403, {"ipaddress": "none", "ID": "unauthorized"}
        elif self.path != "/api/get":
            status, answer = 404, {}
        else:
            status, answer = self.list.answer(int(json.loads(body)["id"]))
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *ignored):
        pass
