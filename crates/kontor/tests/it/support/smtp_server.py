"""A mail server for tests: takes every message over SMTP and keeps it in a folder.

    smtp_server.py FOLDER

Prints the port it listens on (loopback) as its first line. Each message becomes
NNNN.eml (the bytes as received), NNNN.K (the K-th attachment) and, written last,
NNNN.json (envelope and decoded parts). Recipients whose address begins with
"refused" are refused for good (550), those with "busy" for now (451).
"""

import asyncio
import email
import email.policy
import json
import os
import sys

from aiosmtpd.smtp import SMTP


class Keeper:
    def __init__(self, folder):
        self.folder = folder
        self.count = 0

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address.startswith("refused"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("busy"):
            return "451 4.3.0 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.count += 1
        name = os.path.join(self.folder, f"{self.count:04}")
        with open(name + ".eml", "wb") as file:
            file.write(envelope.original_content)
        described = self.describe(name, envelope)
        with open(name + ".part", "w", encoding="utf-8") as file:
            json.dump(described, file)
        # Renamed last: who sees the .json finds everything else complete.
        os.rename(name + ".part", name + ".json")
        return "250 OK kept"

    def describe(self, name, envelope):
        message = email.message_from_bytes(
            envelope.original_content, policy=email.policy.default
        )
        bodies = {}
        for kind in ("plain", "html"):
            part = message.get_body(preferencelist=(kind,))
            bodies[kind] = part.get_content() if part else ""
        attachments = []
        for part in message.iter_attachments():
            content = part.get_payload(decode=True) or b""
            with open(f"{name}.{len(attachments)}", "wb") as file:
                file.write(content)
            attachments.append(
                {"name": part.get_filename() or "", "kind": part.get_content_type()}
            )
        return {
            "from": envelope.mail_from or "",
            "to": envelope.rcpt_tos,
            "headers": [[key, str(value)] for key, value in message.items()],
            "text": bodies["plain"],
            "html": bodies["html"],
            "attachments": attachments,
        }


async def main(folder):
    keeper = Keeper(folder)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(keeper, enable_SMTPUTF8=True, hostname="localhost"),
        "127.0.0.1",
        0,
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main(sys.argv[1]))
