# Of three evenly spaced values, and of three that all but agree, one is rejected; of four evenly spaced none is.
. ./seen.sh
seen "outlier-utils==0.0.5 numpy==2.4.6 scipy==1.17.1 pandas==3.1.1" '
from outliers import smirnov_grubbs
for values in ([10.0, 11.0, 12.0], [1.00, 1.01, 1.02], [10.0, 11.0, 12.0, 13.0]):
    print(values, "keeps", len(smirnov_grubbs.test(values, alpha=0.05)), "of", len(values))
' "[10.0, 11.0, 12.0] keeps 2 of 3
[1.0, 1.01, 1.02] keeps 2 of 3
[10.0, 11.0, 12.0, 13.0] keeps 4 of 4"
