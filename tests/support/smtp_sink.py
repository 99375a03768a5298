#!/ usr / bin / python3
"""An SMTP server for tests: stores what it accepts, refuses as told. Needs Debian's python3-aiosmtpd.

usage: smtp_sink.py FOLDER [starttls|smtps]
Prints the port it listens on (loopback, any free one). Each accepted message becomes FOLDER/NNN.eml with FOLDER/NNN.to (envelope).
FOLDER/rules is read anew for each recipient and message; its lines are "ADDRESS REPLY" for RCPT, "data REPLY" for the end of
DATA, or "hang SECONDS" before the answer to DATA. With TLS the certificate, signed by itself for 127.0.0.1, is FOLDER/cert.pem,
and only "duty" with the password "correct horse" may send. "REPLY" is what is sent back: "550 5.1.1 no such mailbox".
"""
import asyncio
import itertools
import os
import ssl
import subprocess
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Sink:
    def __init__(self, folder):
        self.folder = folder
        self.numbers = itertools.count(1)

    def rule(self, name):
        try:
            with open(os.path.join(self.folder, "rules"), encoding="utf-8") as rules:
                for line in rules:
                    key, _, reply = line.strip().partition(" ")
                    if key == name:
                        return reply
        except FileNotFoundError:
            pass
        return None

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        refusal = self.rule(address)
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        hang = self.rule("hang")
        if hang:
            await asyncio.sleep(float(hang))
        refusal = self.rule("data")
        if refusal:
            return refusal
        name = os.path.join(self.folder, "%03d" % next(self.numbers))
        with open(name + ".to", "w", encoding="utf-8") as envelope_file:
            envelope_file.write("%s\n%s\n" % (envelope.mail_from, "\n".join(envelope.rcpt_tos)))
        with open(name + ".part", "wb") as message:
            message.write(envelope.original_content)
        os.rename(name + ".part", name + ".eml")
        return "250 2.0.0 stored as " + os.path.basename(name)


def tls_context(folder):
    cert, key = os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


def authenticate(server, session, envelope, mechanism, data):
    good = data.login == b"duty" and data.password == b"correct horse"
    return AuthResult(success=good, handled=False)


async def main():
    sink = Sink(sys.argv[1])
    mode = sys.argv[2] if len(sys.argv) > 2 else "plain"
    loop = asyncio.get_running_loop()
    options = {"enable_SMTPUTF8": True, "loop": loop}
    context = None if mode == "plain" else tls_context(sys.argv[1])
    if mode == "starttls":
        options.update(tls_context=context, require_starttls=True, auth_required=True, authenticator=authenticate)
    elif mode == "smtps":
        options.update(auth_require_tls=False, auth_required=True, authenticator=authenticate)
    server = await loop.create_server(lambda: SMTP(sink, **options), "127.0.0.1", 0, ssl=context if mode == "smtps" else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
