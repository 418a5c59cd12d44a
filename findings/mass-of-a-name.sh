# The name of a buffer is read as a chain of amino acids: HEPES weighs 597.58 instead of 238.30.
. ./seen.sh
seen "molmass==2026.1.8" '
from molmass import Formula
for text in ("HEPES", "C8H18N2O4S"):
    print(text, Formula(text).formula, f"{Formula(text).mass:.2f}")
' "HEPES C24H35N7O11 597.58
C8H18N2O4S C8H18N2O4S 238.30"
