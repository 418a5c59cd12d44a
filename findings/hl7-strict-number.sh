# STRICT validation refuses ">100" as a number by itself, and takes it where it stands in a result segment.
. ./seen.sh
seen "hl7apy==1.3.5" '
from hl7apy.consts import VALIDATION_LEVEL
from hl7apy.factories import datatype_factory
from hl7apy.parser import parse_message
strict = VALIDATION_LEVEL.STRICT
try:
    datatype_factory("NM", ">100", version="2.5", validation_level=strict)
except ValueError as fault:
    print("alone:", fault)
lines = ["MSH|^~\\&|A|B|C|D|20260101||ORU^R01^ORU_R01|1|P|2.5", "PID|1||X||Y^Z", "OBR|1|||T", "OBX|1|NM|T||>100||||||F"]
message = parse_message("\r".join(lines) + "\r", validation_level=strict, find_groups=True)
print("in OBX-5 of type NM:", message.validate())
' "alone: >100 is not an HL7 valid NM value
in OBX-5 of type NM: True"
