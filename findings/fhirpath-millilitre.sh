# Grams and hours are converted before they are compared, litres are not: one millilitre is not 0.001 litre.
. ./seen.sh
seen "fhirpathpy==2.2.4" '
from fhirpathpy import evaluate
for said in ("1000 \x27mg\x27 = 1 \x27g\x27", "1 \x27h\x27 = 60 \x27min\x27", "1 \x27mL\x27 = 0.001 \x27L\x27"):
    print(said, evaluate({}, said, {})[0])
' "1000 'mg' = 1 'g' True
1 'h' = 60 'min' True
1 'mL' = 0.001 'L' False"
