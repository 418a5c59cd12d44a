# UCUM says that arbitrary units compare with nothing else; here an Ehrlich unit turns into a colony-forming unit.
. ./seen.sh
seen "ucumvert==0.3.2 Pint==0.25.3" '
from ucumvert import PintUcumRegistry
units = PintUcumRegistry()
for one, other in (("[iU]", "[CFU]"), ("[EU]", "[CFU]"), ("[EU]/mL", "[CFU]/L")):
    print(one, "->", units.from_ucum(one).to(units.from_ucum(other)))
' "[iU] -> 1 colony_forming_unit
[EU] -> 1 colony_forming_unit
[EU]/mL -> 1000.0 colony_forming_unit / liter"
