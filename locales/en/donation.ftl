# What the rules of donation say. One message a rule; figures and names are put in as they are.

qc-15-donor-known = This donor is registered already. Open the donor's page, or check the code.
qc-15-donor-alike = A donor is registered under a code that reads the same: { $known }. Compare it with the papers; if it is another donor, say so.
qc-15-cord-known = A cord of this birth is on record already: { $known }. Do not receive one cord twice; if it is another one, of twins, say so.
qc-15-nothing-different = Nothing is different from what is recorded already. Change what is wrong.
qc-15-result-corrected-already = This result was corrected already. Open the donor's page anew and correct the one that holds.
aud-03-donor-reason = Say why, in at least ten characters.
qc-15-donor-unknown = No donor is registered under “{ $code }”: check the code, or register the donor first.
tim-06-birth-in-the-future = The time of birth lies in the future: check date, time and zone.
tim-06-birth-long-ago = The birth would be more than 30 days ago: check the date.
tim-06-collection-in-the-future = The collection lies in the future: check date, time and zone.
tim-06-collection-before-birth = The cord cannot be collected before the birth: check both times and their zones.
qc-15-logger-turned-round = The logger's lowest temperature is above its highest: check both.
qc-15-acceptance-unread = Choose accepted or rejected.
rel-02-cord-cannot-become = This cord is { $state } and cannot become { $wanted }.
qc-15-no-answer = “{ $question }” has no answer: give one.
qc-15-answer-unknown = Choose one of the answers to “{ $question }”.
qc-15-criterion-answer = Acceptance criterion not met. { $question }: { $answer }.
qc-15-figure-not-plausible = “{ $question }” is given in { $unit }, from { $low } to { $high }: check the number.
qc-15-criterion-figure = Acceptance criterion not met. { $question }: { $answer }, accepted { $range }.{ $rejected ->
    [1] {" "}Only a rejection can follow.
   *[other] {""}
}
qc-15-consent-version = Write the version of the consent form, as printed on it.
qc-15-consent-in-the-future = The day of the consent lies in the future: check the date.
qc-15-consent-long-ago = The day of the consent lies more than two years back: check the date.
qc-15-withdrawn-before-given = A consent cannot be withdrawn before it was given ({ $given }): check the day.
tim-06-sample-long-ago = The blood sample would be drawn more than a year before the donor was registered: check the date.
qc-15-consent-scope = Choose what the consent covers.
qc-15-struck-already = This consent was struck out meanwhile, or is none of this donor. Open the page of the donor anew.
qc-15-last-consent = This is the only consent on record: record the right one first, then strike this one out.
qc-15-consent-withdrawn = Consent was withdrawn on { $day }. Only a rejection can follow.
qc-15-consent-limited = Acceptance criterion not met. Consent covers: { $scope }.
qc-15-no-result = Give at least one result.
qc-15-marker-unknown = Choose a test of the panel and one of its results.
qc-15-marker-reactive = { $marker } is reactive.
qc-15-marker-indeterminate = { $marker } is indeterminate.
qc-15-sample-window = Blood for { $tests } was drawn on { $day } of the birth, allowed is day { $first } to { $last }.
tim-06-sample-in-the-future = The blood sample lies in the future: check date, time and zone.
qc-15-no-laboratory = Write which laboratory tested, with its accreditation.
qc-15-determination-unread = Choose eligible or ineligible.
qc-15-determined-already = This donor is determined { $verdict } already, and nothing has changed since.
ebr-09-window-late-entry = Late entry: processing is said to have started inside the { $window } window, but was recorded { $elapsed } after the birth. QA decides before work goes on.
ebr-07-window-reject = Processing started { $elapsed } after the birth, more than { $limit }: the cord can only be rejected.
ebr-07-window-over = Processing started { $elapsed } after the birth, more than the { $window } allowed. QA decides before work goes on.
iam-16-has-blank = This has a blank in it and may be a name: { -donor-code-wanted }. The identity stays with the hospital.
iam-16-has-small-letters = This has small letters and may be a name: { -donor-code-wanted }. The identity stays with the hospital.
iam-16-no-donor-code = This is not a donor code: { -donor-code-wanted }. The identity stays with the hospital.
iam-16-no-digit = This has no digit and may be a name: { -donor-code-wanted }. The identity stays with the hospital.
iam-16-own-code = This is a code of Cordbook's own, not of the hospital: { -donor-code-wanted }. The identity stays with the hospital.
qc-15-eligibility-open = The donor's eligibility is { $eligibility }: the cord stays in quarantine.
qc-15-deviation-not-judged = Deviation { $code } is not judged yet: QA judges it first.
qc-15-deviation-rejects = After deviation { $code } only a rejection can follow.
qc-15-marker-excludes = { $marker } is reactive: this donor cannot be eligible.
qc-15-tests-missing = No acceptable result yet: { $tests }. Record it first.
qc-15-no-cord = No cord of this donor is registered: without the time of birth the day of the blood sample cannot be judged.
qc-15-no-consent = There is no consent in force.

-donor-code-wanted = write the hospital's code in capital letters, digits and hyphens, for example DN-2026-0142

criteria-not-a-pair = Write two numbers as texts, the lower one first: ["0", "30"].
criteria-pair-reversed = { $low } is above { $high }: exchange them.
criteria-no-result = “{ $word }” is no result: use { $results }.
criteria-reject-first = “reject” comes before “max”: exchange them.
criteria-no-time = { $value } is no time: write {"{"} value = "24", unit = "h" {"}"}.
criteria-days-reversed = “first_day” is after “last_day”: exchange them.

term-donation-determination = Determination
term-donation-criteria = Criteria
term-donation-consent = Consent
term-donation-birth = Birth
term-donation-collection = Collection
term-donation-received = Received
term-donation-processing = Processing
term-donation-jar = Jar
term-donation-eligibility = Eligibility
term-donation-consent-covers = Consent covers
term-donation-blood-sample-days = Blood sample, days from the birth
term-donation-to-processing = From birth to processing

donation-not-recorded = not recorded
donation-meets = { $answer } · meets the criterion
donation-not-met = { $answer } · criterion not met
donation-birth = { $born }, cord { $cord }
donation-result = { $result } · blood of { $sampled } ({ $days }) · { $laboratory }
donation-result-before-birth = { $result } · blood of { $sampled } · { $laboratory }
donation-no-result = no acceptable result
donation-consent-given = Given on { $day } · form { $form } · { $covers }
donation-consent-withdrawn = Withdrawn on { $day } · form { $form } · { $covers }
donation-started = started { $started }
donation-not-started = not started
donation-undetermined = Donor { $donor }: the determination of eligibility is not complete.
donation-determined = Donor { $donor }: { $verdict }, determined by { $name } ({ $role }) on { $signed } under the criteria { $criteria }.
donation-marker = { $marker } ({ $method })
donation-marker-by = { $marker } · { $method }
donation-days = { $first } to { $last }
donation-at-most = { $limit } at most
donation-at-most-rejected = { $limit } at most, rejected after { $rejected }
donation-range = { $low } – { $high } { $unit }
donation-or-more = { $low } { $unit } or more
donation-or-less = { $high } { $unit } or less
donation-every-value = every value
donation-answer = { $answer } { $unit }
iam-03-determiner-recorded = You recorded results of this donor. Another person of quality assurance determines her eligibility.
iam-03-acceptor-determined = You determined the eligibility of this donor. Another person of quality assurance accepts the cord.
iam-03-corrector-recorded = You recorded what speaks against it. Another person compares it with the paper and corrects it.
iam-03-reversed-alone = You found this donor ineligible and nothing was recorded since. Another person of quality assurance determines anew.
donation-result-replaced = { $result } · recorded by { $username } on { $recorded }, corrected by { $corrector } on { $corrected }: “{ $reason }”
donation-answer-replaced = { $answer } · recorded by { $username } on { $recorded }, corrected by { $corrector } on { $corrected }: “{ $reason }”
term-donation-found-before = Found before
donation-found-ineligible = ineligible, by { $name } on { $signed }: “{ $reason }”

recall-determined-ineligible = The donor was determined ineligible.
recall-answers-corrected = The donor's answers were corrected.
donation-consent-struck = Struck out, entered by mistake: { $day } · form { $form } · “{ $reason }”
recall-consent-changed = The donor's consent changed.
recall-results-recorded = Infectious-disease results were recorded.
recall-further-cord = A further cord was received.
recall-cord-corrected = What is recorded of the cord was put right.
recall-signed-again = { $why } The determination needs to be signed again.
place-receipt-of-cord = Receipt of the cord
place-blood-sample = Blood sample of the donor
place-donor-criteria = Acceptance criteria of the donor
place-donor-consent = Consent of the donor
place-donor-results = Infectious-disease results of the donor
term-donation-other-consent = Consent that does not hold
donation-consent-of = { $consent } · recorded by { $username } on { $recorded }

# What waits, on the first page
queue-donors = Donors to judge
queue-cords = Cords to accept
