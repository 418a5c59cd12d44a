# FHIRPath rounds a half up; here it goes to the even digit, so that a limit met at two decimals is missed.
. ./seen.sh
seen "fhirpathpy==2.2.4" '
from fhirpathpy import evaluate
for said in ("0.285.round(2)", "0.295.round(2)", "0.285.round(2) >= 0.29"):
    print(said, evaluate({}, said, {})[0])
' "0.285.round(2) 0.28
0.295.round(2) 0.3
0.285.round(2) >= 0.29 False"
