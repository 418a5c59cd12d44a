# What may be wrong with a specification. Figures and names are put in as they are.

line-no-field = “{ $field }” names no field of a batch record: write step.field, for example suspend.volume.
line-not-a-time = { $value } is not a time to wait: write for example {"{"} value = "14", unit = "d" {"}"}.
line-nothing-judged = One value at least must conform and one at least must fail: otherwise nothing is judged.
line-value-twice = The value “{ $value }” stands here { $count } times: keep it once.
line-bound-missing = “{ $key }” is missing: a line with “{ $operator }” needs it as a number in quotes.
line-decimals = At most { $most } decimals can be reported.
line-typed-unit = Only a line with per_weight = true is typed in another unit: take it out or add per_weight.
line-not-per-weight = { $typed } times a volume over a weight does not give { $unit }: write for example EU/mL for EU/kg.
line-unlike = { $value } and { $unit } measure different things: give both in units of the same kind.
line-not-plausible = { $value } lies outside what a result can be ({ $limits }): give the line a wider “plausible”.
line-no-tolerance = ± { $tolerance } is no tolerance: write a number between 0 and 100.
line-alert-outside = “{ $alert }” lies outside the limit: an alert comes before the limit is reached.
line-id-twice = The id “{ $id }” stands on { $count } lines: each needs its own.
line-no-line = There is no line “{ $line }”: name lines of this document.
line-itself = A line cannot stand in for itself: take it out.
line-planned = “planned” is how many results of one sample are asked for: 2 to { $most } with reported = "mean" or "each", and left out otherwise.
line-no-mean = A mean is reported of numbers that are judged, and never of organisms: write “worse” or “each”.
