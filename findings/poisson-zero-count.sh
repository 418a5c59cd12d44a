# No colony on a plate: the mid-p interval of the rate is a single point near 3 that leaves out the count itself.
. ./seen.sh
seen "statsmodels==0.15.0 numpy==2.4.6 scipy==1.17.1 pandas==3.1.1" '
from statsmodels.stats.rates import confint_poisson
for method in ("exact-c", "midp-c", "sqrt"):
    low, high = confint_poisson(0, 1.0, method=method)
    print(method, f"{low:.3f} {high:.3f}")
' "exact-c 0.000 3.689
midp-c 2.996 2.996
sqrt 0.960 0.960"
