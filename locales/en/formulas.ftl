# What may be wrong with a formula and with its result. Names and figures are put in as they are.

formula-too-long = The formula has more than { $longest } characters: split it into two calculations.
formula-no-meaning = At character { $at }: “{ $character }” has no meaning in a formula.
formula-found = At character { $at }: found { $found } where { $wanted } should be.
formula-end = the end
formula-operator = an operator or the end
formula-power = a whole power from -{ $largest } to { $largest }
formula-atom = a number, a name or “(”
formula-too-deep = At character { $at }: more than { $deepest } parentheses inside each other.
formula-number = At character { $at }: { $fault }
formula-not-a-name = At character { $at }: “{ $name }” is not a name: write step.field or step.field.part.
formula-not-a-function = At character { $at }: “{ $name }” is not a function: use one of { $functions }.
formula-arguments = At character { $at }: { $function } takes { $number }, not { $given }.
formula-span = { $fewest } to { $most }
formula-one-name = At character { $at }: { $function } takes one name, for example step.field.

formula-no-value = { $name } is not a value of this record.
formula-not-a-time = { $part } is not a time: elapsed takes two times, the later one first.
formula-a-time = { $part } is a time, not an amount: use elapsed(later, earlier).
formula-no-zone = { $part } is a time without its zone: record it with its zone.
formula-times-added = { $name } is a time: times cannot be added.
formula-unlike-added = { $left } is { $one } and { $right } { $other }: unlike kinds cannot be added or subtracted.
formula-unlike-compared = { $left } is { $one } and { $right } { $other }: unlike kinds cannot be compared.
formula-needs-plain = { $function } needs a plain number, but { $part } is { $kind }.
formula-kind = of the kind { $kind }
formula-kind-time = a time

result-time = The result is a time, not an amount in { $unit }: use elapsed(later, earlier).
result-not-in-unit = The result is { $kind } and cannot be given in { $unit }: check the formula or its unit.
result-not-recorded = { $name } has not been recorded yet.
result-beyond-numbers = The numbers are too large or too small to be computed with: check the values.
result-power-of-zero = { $part } is 0, and a power of { $power } of it has no meaning.
result-divided-by-zero = { $part } is 0, and nothing can be divided by it.
result-not-above-zero = { $part } is not above 0, so the result is not defined.
result-amount-below-zero = { $name } is below zero ({ $value }): check what was entered.
