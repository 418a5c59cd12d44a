# What may be wrong with a master record. Figures and names are put in as they are.

stage-twice = The stage id “{ $id }” is already at { $place }: give each its own.
step-twice = The step id “{ $id }” is already at { $place }: give each its own.
field-twice = The field id “{ $id }” is already at { $place }: give each its own.
answer-twice = The answer “{ $id }” is already at { $place }: give each its own.

unlike-field = { $value } is no value of this field: give it in { $unit } or a unit like it.
unlike-area = { $value } is no area: give it in { $unit } or a unit like it.
unlike-volume = { $value } is no volume: give it in { $unit } or a unit like it.
unlike-percentage = { $value } is no percentage: give it in { $unit } or a unit like it.
unlike-time = { $value } is no length of time: give it in { $unit } or a unit like it.

field-reserved = “{ $id }” is the time of the step itself: give the field another id.
field-plain-number = a plain number (1)
field-replicates = At most { $most } replicates fit on one page.
field-dilution = A dilution factor is 1 (undiluted) or more.
field-reading-unit = The { $reading } of an incubator is read in { $wanted }, not { $unit }.

range-judges-nothing = A range without “low”, “high”, “above” or “below” judges nothing: give at least one.
range-timer-judges-nothing = A timer without “min” and without “max” judges nothing: give at least one.
range-repeat-reversed = At least { $low } and at most { $high } cannot both be kept: exchange “min” and “max”.
range-decimals = At most { $most } decimals can be shown.
range-unlike-ends = { $low } and { $high } measure different things: give both in units of the same kind.
range-reversed = The limits are reversed: nothing lies between { $low } and { $high }.
range-no-limit = { $value } cannot be a limit here: use { $unit } or a unit like it.
range-same-side = “{ $inside }” and “{ $outside }” both limit the same side: keep one.
range-beyond-nothing = “beyond” needs accepted limits to be beyond of: give “low” or “high”.
range-never-warns = An alert limit lies outside what is accepted: it never warns.
range-beyond-inside = “beyond” lies inside what is accepted: it must be the wider range.
range-plausible-inside = “plausible” refuses values that are accepted: it must be the wider range.
range-target-outside = The target { $target } lies outside what is accepted.

time-negative = A length of time cannot be negative.
window-end = There is no step “{ $step }”: name the step that ends the window.
timer-none = There is no timer “{ $timer }”: add [timers.{ $timer }] or correct the name.
timer-never-started = This timer is never started: name it at the step where it is started.
timer-never-stopped = This timer is never stopped: name it at the step where it is stopped.
timer-already-started = This timer is already started by “{ $step }”: one step does it.
timer-already-stopped = This timer is already stopped by “{ $step }”: one step does it.
timer-stopped-before = The timer “{ $timer }” is stopped before it is started.
interval-runs-from = There is no step “{ $step }”: name the one it runs from.
interval-runs-from-later = “{ $step }” comes later: an interval runs from an earlier step.

step-role-none = There is no role “{ $role }”: use { $roles }.
step-role-may-not = The role “{ $role }” may not { $permission }: use { $roles }.
step-not-verified = “verifies” says who, but the step is not verified: add verify = true.

reference-no-test = QC knows no test “{ $test }”: use one of { $tests }.
reference-no-specification = There is no approved specification “{ $code }”: QC authors it and QA approves it on the page Specifications first.
reference-no-maker = No field “{ $field }” makes vessels: name one as step.field, or “{ $jar }”.
reference-made-later = “{ $field }” makes its vessels later: name an earlier field.
reference-nothing-made = Nothing has been made by then: name “{ $jar }” or an earlier field as well.
reference-no-amount = There is no amount “{ $field }” in this step: name a measurement, a calculation or vessels that say how much of the lot is used.
reference-no-measurement = There is no measurement “{ $field }” in this step: name one that says how much goes from each parent into each container.

room-on-stock = “{ $label }” of { $document }: { $told }

agreement-no-choice = There is no choice “{ $named }” in this record: name one as step.field whose answer this one has to repeat.
agreement-later = “{ $named }” is not answered before this step: name a choice of an earlier one.
agreement-other-answers = “{ $named }” has other answers ({ $answers }): give both the same, so that they can agree.
condition-no-choice = There is no choice “{ $field }” in this step: name one whose answer says whether this is asked for.
condition-later = “{ $field }” is no choice before this field: name one that is answered earlier in the step.
condition-no-answer = “{ $field }” has no answer “{ $answer }”: use { $answers }.
condition-always = “{ $field }” is asked for only under some answers, and “{ $needs }” needs it under others as well: take its “only_when” away.

reach-unknown = The formula names “{ $name }”, which is not in this record: name a number, count, vessel or time of an earlier step.
reach-unknown-near = The formula names “{ $name }”, which is not in this record: did you mean “{ $near }”?
reach-no-turn-before = previous({ $name }) has no turn before: neither its step nor its stage repeats.
reach-later = The formula names “{ $name }”, which comes later: use what is recorded before.
reach-not-always = The formula names “{ $name }”, which is not always asked for: give the calculation the same “only_when”, say required = false, or put carried(…, another) around it.

change-head = { $what } changed
change-head-title = Title
change-head-product = Product
change-head-specification = Specification
change-head-storage = Storage
change-head-expiry = Expiry
change-head-form = Dosage form
change-head-route = Route of administration
change-head-trial = Clinical trial
change-head-hold = Hold time
change-head-expires-from = Moment the expiry runs from
change-head-note = Note
change-head-demonstration = Demonstration mark
change-head-stages = Stages
change-window-removed = Window removed: { $title }
change-window-added = Window added: { $title }
change-window-changed = Window changed: { $title }
change-timer-removed = Timer removed: { $title }
change-timer-added = Timer added: { $title }
change-timer-changed = Timer changed: { $title }
change-step-removed = Step removed: { $step }
change-step-added = Step added: { $step }
change-step-changed = Step changed: { $step } ({ $what })
change-order-of-steps = Order of the steps changed
change-without-field = without { $label }
change-with-field = with { $label }
change-of-field = { $label } changed
change-more = and { $many } more
change-part-title = title
change-part-instruction = instruction
change-part-button = button
change-part-performs = who performs
change-part-verify = second person
change-part-verifies = who verifies
change-part-critical = criticality
change-part-optional = whether it may be left out
change-part-repeat = repetition
change-part-timer = timer
change-part-interval = interval
change-part-expected = when it is expected
change-part-order = order of the fields
