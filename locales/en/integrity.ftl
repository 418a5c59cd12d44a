# What the rules of integrity say. One message a rule; figures and names are put in as they are.

tim-03-clock-suspect = The server's clock went back, or jumped, so nothing can be signed until an administrator has acknowledged it and QA has judged it on the page Clock.
sig-16-facts-changed = Something changed since you opened this page, so it was not signed. Read the facts again below and sign once more.
sig-06-only-a-person = Only a person can sign.
rel-02-move-not-allowed = This is { $state } and cannot become { $wanted }. Open the page anew to see where it stands.
entry-id-used-before = This form was already used for another entry. Open the page anew and enter it again.
aud-03-reason = Say why, in at least ten characters.
aud-03-why-corrected = Say why, in at least ten characters.
ebr-08-nothing-corrected = Nothing differs from what is recorded. Change what is wrong.
ebr-08-corrected-alone = You recorded this yourself. Ask a second person to put it right.
tim-05-no-such-setting = There is no setting called { $name }.
tim-05-zone-unknown = Write the zone as in the IANA list, for example Asia/Ho_Chi_Minh or Europe/Berlin.
tim-05-minutes-out-of-range = Write a whole number of minutes from 1 to 120.
rec-10-megabytes-out-of-range = Write a whole number of megabytes from 1 to { $most }.
site-hour-unread = Write a whole hour of the day from 1 to 23, or none.
dev-days-out-of-range = Write a whole number of days from 1 to 365.
rec-10-file-empty = This file is empty. Choose another one.
rec-10-file-too-large = This file is larger than { $most } MB. Choose a smaller one, or make the photo smaller.
rec-10-file-kind = A photo (PNG or JPEG), a PDF, a table (CSV) or a plain text is kept, and this file is none of them. Choose another one.
rec-10-file-name = By its content this file is another one than its name says. Name it with the ending .{ $ending }, or choose another one.
rec-08-file-gone = The file did not stay here. Choose it again.
rec-10-files-full = All files together may have { $most } MB, and there is no room for this one. Ask your administrator.
rec-10-file-not-written = The file could not be kept: the disk is full or its folder cannot be written. Ask your administrator.
sig-09-policy-unread = Write one of these: { $policies }.
iam-03-setting-needs-two = This setting changes how something is judged, so nobody sets it alone. Propose it on the page Site and let quality assurance sign it.
tim-05-neither-yes-nor-no = Write yes or no.
tim-05-demonstration-stays = A demonstration stays one: what was made in it would lose its mark. Make a new installation with ./run init.
rel-08-maker-length = Write it in 1 to { $longest } characters on one line; some of them are seen, and none changes the reading direction.
tim-05-site-name-length = Write the site's name in 1 to 80 characters on one line; some of them are seen, and none changes the reading direction.

number-too-long = This number has more than { $longest } characters: write it shorter, for example 1.5e7.
number-two-readings = “{ $typed }” can be read in two ways: write { $whole }.{ $rest } with a decimal point, or { $whole }{ $rest } without a comma.
number-thousands = “{ $typed }” can be read in two ways: write { $point } with the decimal point, or { $whole } without one.
number-negative-nought = “{ $typed }” is nought with a minus sign: write 0, or check what was typed.
number-power = “{ $typed }” is too large or too small to be a measurement: check the power of ten.
number-missing = A number is needed here: write digits, for example 1.5.
number-naked = “{ $typed }” needs a digit on both sides of the decimal point: write for example 0.5 or 5.0.
number-not-one = “{ $typed }” is not a number: write digits with one decimal point and no other marks, for example 1000.5.

unit-plain-number = a plain number
unit-unknown = “{ $code }” is not a unit of the closed list: write for example { $near }.
unit-unlike = { $one } and { $other } measure different things: give both in units of the same kind.

text-too-long = This is { $length } characters long. Shorten it to { $longest }.
text-direction = This holds an invisible character that changes the reading direction. Type the text by hand instead of pasting it.
text-not-read = This holds a character that could not be read. Type the text by hand instead of pasting it.
text-control = This holds a control character. Type the text by hand instead of pasting it.
instant-format = Write date, time and zone, for example 2026-11-22 08:14 +07:00.
instant-year = Check the year: write one from { $first } to { $last }. Write date, time and zone, for example 2026-11-22 08:14 +07:00.
instant-none = There is no such time. Write date, time and zone, for example 2026-11-22 08:14 +07:00.
iam-03-duties-unread = Write for what two people are wanted, with commas between: { $duties }.
iam-10-hours-out-of-range = Write a whole number of hours from 1 to { $most }.
