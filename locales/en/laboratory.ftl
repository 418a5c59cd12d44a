# What the rules of laboratory say. One message a rule; figures and names are put in as they are.

qc-05-out-of-specification = { $test }: { $result }; the specification asks for { $limit }.
qc-02-test-not-asked = { $test } is not among the tests of this sample.
qc-03-not-received = QC has not received this sample yet. Record its receipt first, so that its custody has no gap.
qc-03-sample-unfit = This sample was received unfit for testing. A new sample is pulled.
qc-05-deviation-open = Deviation { $code } on this test is not judged yet. QA judges it before the test is repeated or a result is corrected or invalidated.
qc-02-method-version = { $test } was tested by version { $used } of the method; the specification names version { $wanted }.
tim-02-in-the-future = This time lies in the future. Write when it was done.
tim-02-before-the-sample = This time lies before the sample was pulled. Write when it was done.
qc-08-no-interim = { $test } has no interim readings. Record the result.
qc-08-start-missing = The start of { $test } is not recorded yet. Record it first.
qc-08-before-the-start = This time lies before the test began. Write when it was read.
qc-08-not-final-yet = { $test } is final at { $wait }; only { $gone } have gone by. Record an interim reading.
qc-08-no-waiting-time = { $test } has no waiting time, so no start is recorded.
qc-08-started-already = The start of this test is recorded already.
tim-06-start-late = The start of { $test } was recorded { $late } late.
qc-02-reviewer-is-analyst = You recorded this result. Another person reviews it.
qc-05-deviation-on-result-open = Deviation { $code } on this result is not judged yet. QA judges it before the result is invalidated.
qc-06-invalidator-is-analyst = You recorded this result. Another person invalidates it.
qc-06-no-cause = A result is invalidated only for a documented cause. Name the cause and where it is documented.
qc-03-no-such-sample = This is not the code of a sample. Scan the sample's label.
qc-03-received-already = QC has received this sample already. Open its page.
qc-03-condition-unread = Say in what condition the sample arrived.
qc-03-sample-condition = The sample arrived in QC: { $condition }.
qc-01-no-specification-of-sample = This is no sample of a batch: no specification says how it is tested.
qc-01-no-line = { $specification } has no line for this test.
qc-04-correction-elsewhere = A correction belongs to a result of the same sample and test. Open that result anew.
qc-06-own-failing-result = You recorded this result, and it fails: you cannot correct it. QA investigates its deviation; where a cause is found, another person invalidates it and another analyst tests again.
qc-06-repeat-reason = This sample has a valid result of this test, and both will stand. Say why it is repeated, in at least ten characters.
qc-03-tested-before-receipt = { $test } was tested at { $tested }, before QC received the sample at { $received }: its custody has a gap.
tim-06-result-late = { $test } was recorded { $late } after it was tested.
aud-03-correction-reason = Say why the result is corrected, in at least ten characters.
qc-04-unreadable = { $fault }

condition-damaged = damaged, can be tested
condition-unfit = not fit for testing

result-choose = Choose one of the buttons.
result-unit = This test is reported in { $unit }: give the result in a unit of that kind.
result-bound = { $value } says nothing: a bound lies above nought. Write the one that the method gives, for example < 0.05.
result-cannot-be = { $value } cannot be: { $test } lies in { $limits }. Check the number and its unit.
result-below-zero = { $value } is below zero: check what was typed.

specification-line-required = { $limit } · { $method } · { $gate }
specification-line-optional = { $limit } · { $method } · { $gate }, optional

term-result-typed = Typed
term-result-reported = Reported
term-result-verdict = Verdict
term-result-alert = Alert
term-result-judged-with = Judged with
term-result-tested = Tested
term-result-raw-data = Raw data
term-result-analyst = Analyst
term-result-out-of-specification = Out of specification
term-result-corrects = Corrects

result-specification = { $specification }: { $limit }
result-method = { $method }, version { $version }
result-deviation = deviation { $code }
result-corrects = { $result }: { $reason }
result-basis = { $name } { $amount }
