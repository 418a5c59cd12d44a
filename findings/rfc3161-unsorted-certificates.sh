# A time stamp with two certificates: OpenSSL makes it and calls it good, a strict reader calls it no stamp.
. ./seen.sh
seen "rfc3161-client==1.0.9" '
import subprocess, tempfile
from pathlib import Path
from rfc3161_client import decode_timestamp_response

folder = Path(tempfile.mkdtemp())
(folder / "serial").write_text("01")
(folder / "text").write_text("a text")
(folder / "conf").write_text(f"""
[req]
distinguished_name = name
[name]
[tsa]
serial = {folder}/serial
signer_cert = {folder}/signer.pem
certs = {folder}/root.pem
signer_key = {folder}/signer.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
[stamping]
basicConstraints = critical, CA:false
extendedKeyUsage = critical, timeStamping
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
""")

def openssl(words):
    done = subprocess.run(["openssl", *words.format(f=folder).split()], capture_output=True, text=True)
    return done.stdout + done.stderr

openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=root -keyout {f}/root.key -out {f}/root.pem -config {f}/conf -extensions root")
openssl("req -newkey rsa:2048 -nodes -subj /CN=signer -keyout {f}/signer.key -out {f}/signer.csr -config {f}/conf")
openssl("x509 -req -in {f}/signer.csr -CA {f}/root.pem -CAkey {f}/root.key -CAcreateserial -days 2 -out {f}/signer.pem -extfile {f}/conf -extensions stamping")
for certificates in ("", "-cert"):
    openssl("ts -query -data {f}/text -sha256 -out {f}/query " + certificates)
    openssl("ts -reply -queryfile {f}/query -out {f}/reply -config {f}/conf -section tsa")
    said = openssl("ts -verify -data {f}/text -in {f}/reply -CAfile {f}/root.pem -untrusted {f}/signer.pem")
    try:
        decode_timestamp_response((folder / "reply").read_bytes())
        read = "read"
    except ValueError as fault:
        read = str(fault).split("kind: ")[1].split(",")[0]
    print(certificates or "without", "Verification: OK" in said, read)
' "without True read
-cert True InvalidSetOrdering"
