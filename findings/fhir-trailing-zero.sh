# A FHIR decimal carries its precision; read from JSON, 93.40 has lost it, built from a Decimal it loses it when written.
. ./seen.sh
seen "fhir.resources==8.3.0" '
from decimal import Decimal
from fhir.resources.quantity import Quantity
print(repr(Quantity.model_validate_json("{\"value\": 93.40}").value))
kept = Quantity(value=Decimal("93.40"))
print(repr(kept.value), kept.model_dump_json())
' "Decimal('93.4')
Decimal('93.40') {\"value\":93.4}"
