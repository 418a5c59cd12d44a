# What the rules of people say. One message a rule; figures and names are put in as they are.

iam-02-role-may-not = Your role may not { $permission }. Ask somebody who may.
sig-11-username-taken = This username is or was somebody's and is never used again. Choose another.
iam-03-own-role = Nobody changes their own role. Ask another administrator.
iam-03-own-account = Nobody deactivates their own account. Ask another administrator.
sig-14-not-present-password = This is not your present password. Type it again.
iam-06-password-length = Choose a password of { $shortest } to 200 characters.
iam-06-password-not-new = Choose a password that is not the present one.
sig-10-second-person-is-first = The second person must be somebody else: let them type their own user name and password.
sig-10-signed-in-as-another = You are signed in as { $username }. Sign as yourself, or switch the person first.
iam-02-role-may-not-sign = The role { $role } may not { $permission }.

role-technician = technician
role-verifier = verifier
role-qc-analyst = qc analyst
role-qc-reviewer = qc reviewer
role-qa = qa
role-releaser = releaser
role-master-author = master author
role-master-approver = master approver
role-label-printer = label printer
role-administrator = administrator
role-reader = reader

permission-public = anybody, without signing in
permission-own-account = sign in and out, change one's own password
permission-see-records = read donors, cords, batches, results, lots, equipment and their trail
permission-register-donors = register donors, donations and their test results
permission-determine-eligibility = sign the eligibility determination of a donor
permission-receive-cords = receive a cord
permission-start-batches = start a batch
permission-record-steps = record, correct and close steps of a batch
permission-verify-steps = verify a step as the second person
permission-receive-lots = receive material lots
permission-release-lots = release, reject or hold material lots and put right what is recorded of them
permission-keep-equipment = register equipment and its calibration
permission-draft-masters = import and author master batch records
permission-approve-masters = approve master batch records and make them effective
permission-approve-masters-for-quality = give QA's approval to master batch records
permission-end-masters = reject or retire master batch records
permission-draft-specifications = import and author specifications
permission-approve-specifications = approve, reject or retire specifications
permission-draft-criteria = import and author donor criteria
permission-approve-criteria = approve, reject or retire donor criteria
permission-draft-materials = import and author the list of materials
permission-approve-materials = approve, reject or retire the list of materials
permission-draft-label-stock = import and author the label stock
permission-approve-label-stock = approve, reject or retire the label stock
permission-record-results = record results of samples
permission-review-results = review results of samples
permission-investigate-results = write phase I of the investigation of a failing result
permission-raise-deviations = raise a deviation about anything
permission-hold = put anything on hold
permission-lift-holds = lift a hold
permission-issue-containers = issue a container, or record that it came back or was given
permission-destroy-containers = record the destruction of a container
permission-witness-containers = confirm as the second person what becomes of a container
permission-judge-deviations = assess, judge and close deviations
permission-review-batches = review a batch record and its trail
permission-release-batches = release a batch or withdraw its certificate
permission-reject-batches = reject a batch
permission-print-labels = print labels
permission-manage-people = make, change and deactivate people
permission-confirm-people = confirm who somebody is, their password and their rights
permission-manage-site = propose settings of the site, set how much room files have, acknowledge a clock or restore finding
permission-judge-site = approve settings of the site, judge a clock or restore finding
permission-see-access = read the access log

iam-02-last-holder = { $name } is the only active person with the role { $role }. Give somebody else this role first.
iam-07-nothing-closed = Nothing is closed for this person. It may have been opened meanwhile.
iam-06-password-repeats-name = Choose a password that is not your user name, not even written several times.

sign-in-refused = User name, password or code is wrong, or this account is closed here after repeated failures. Type them again; if it goes on, ask an administrator.
signing-refused = User name, password or code is wrong, or signing is closed here after repeated failures. Type them again; if it goes on, sign in anew on this device or ask an administrator.
too-many-attempts = Too many attempts failed for this name or from here, so nothing was judged now. Try again in { $seconds } seconds.

sig-14-one-time-password = This is a one-time password. Sign in with it and choose your own before you sign.
sig-14-nothing-asked = No password of this person waits to be confirmed. Look at what waits on the page People.
sig-14-own-password = Nobody confirms their own password. Ask another person of quality assurance.
sig-14-needs-two = You asked for this password yourself. Ask another person of quality assurance to confirm it.
sig-14-nothing-confirmed = The half of quality assurance is shown once, after it was confirmed. Let an administrator ask for a new password if it is lost.
sig-14-another-confirmed = Somebody else confirmed this. The half of quality assurance is shown to them alone.
sig-14-sign-in-alone = Your password was made at the machine and opens sign-in alone. Let an administrator ask for a new one and quality assurance confirm it, then sign.
sig-14-not-confirmed-yet = Quality assurance has not confirmed who this is, so there is no password yet. They let the person in on the page Confirm people.
sig-14-only-the-machine = Nobody makes or lets in a person alone through the pages. An administrator asks, and quality assurance confirms.
sig-12-not-identified = Nobody has recorded who you are. Let quality assurance confirm it before you sign.
sig-13-not-declared = Sign the declaration on your electronic signature first: the page Declaration, at the address /declaration.
sig-14-only-quality-recovers = Only the last person of quality assurance is let back in like this. Let an administrator ask for a new password and quality assurance confirm it.
sig-14-others-confirm = Another person of quality assurance is active. Let an administrator ask for a new password and that person confirm it.
sig-14-nothing-recovered = Nothing of this person waits for this judgement.
sig-14-own-recovery = What you signed yourself is judged by another person of quality assurance.
sig-11-name-unseen = Nothing is seen of this name. Type the name as it is printed beside signatures.
sig-11-read-backwards = This holds an invisible character that changes the reading direction. Type the text by hand instead of pasting it.
sig-11-another-human = Somebody is or was here who looks the same: { $alike }. One human has one account: choose that one, or say that this is another human, which quality assurance confirms.

term-people-who = Person
term-people-role = Role
term-people-present-role = Role until now
term-people-present-name = Name until now
term-people-becomes = Role from now on
term-people-mail = Mail
term-people-present-mail = Mail until now
term-people-present-badge = Badge or staff number until now
term-people-badge = Badge or staff number
term-people-what-for = The password is
term-people-asked-by = Asked for by
term-people-asked-at = Asked for at
term-people-why = Why
term-people-another-than = Is another human than
term-people-document = Identity seen by
term-people-declaration = Declaration
term-people-declaration-version = Version of the declaration
term-people-recovered-at = Let back in at the machine
term-people-signed-since = Signatures given since

declaration-binding = I declare that my electronic signature in this system is the legally binding equivalent of my handwritten signature. I alone know my password, I give it to nobody, and I answer for what is signed with it.

handover-first = the first one
handover-reset = a new one, in place of one that is lost
handover-installation = chosen at the installation
handover-machine = made at the machine, for sign-in alone
handover-recovery = made at the machine for the last of quality assurance

identity-passport = passport
identity-card = identity card
identity-driving-licence = driving licence
identity-staff-badge = staff badge with a photograph
identity-present = present at the installation

likeness-name = name
likeness-mail = mail
likeness-badge = badge
likeness-of = { $username } (same { $by })

iam-11-nothing-proposed = No change of this person waits to be confirmed. Look at what waits on the page Confirm people.
iam-03-own-rights = Nobody confirms their own rights. Ask another person of quality assurance.
iam-03-rights-need-two = You proposed this yourself. Ask another person of quality assurance to confirm it.

tim-05-setting-is-that = This is what holds already. Write the value that it is to have.
iam-03-setting-no-draft = This was signed, withdrawn or refused meanwhile. Look at where it stands.
iam-03-setting-anothers = Whoever wrote this proposal signs it. Write one of your own.
iam-03-setting-waits-already = Another change of this setting waits for quality assurance. Withdraw it first, or wait for its signature.
iam-03-setting-moved = Since this was written the setting has become { $now }. Withdraw it and propose it anew.
iam-03-setting-not-proposed = This does not wait for quality assurance. Look at where it stands.
iam-03-own-setting = Nobody approves or refuses what they proposed themselves. Ask another person of quality assurance.
iam-03-setting-settled = This is settled and is not withdrawn any more. Propose another change.

term-people-setting = Setting
term-people-version = Version
term-people-present-value = Until now
term-people-new-value = From now on
term-people-proposed-by = Proposed by
term-people-written-at = Written at

setting-name = name of the site
setting-zone = time zone
setting-demonstration = demonstration
setting-idle-minutes = idle limit in minutes
setting-late-minutes = late entry after minutes
setting-file-megabytes = megabytes of one file
setting-all-files-megabytes = megabytes of all files
setting-investigation-days = days until a deviation is closed
setting-silent-days = days without an entry after which the clock is judged
setting-two-persons = two people for
setting-second-factor = code from a phone beside the password
setting-reminder-hour = hour of the reminders by mail, 1 to 23, or none
reminder-subject = { $site }: what waits for you
reminder-overdue = Overdue
reminder-today = Due today
reminder-waiting = Waits for you
reminder-to-do = To do
reminder-week = The week
reminder-stop = If you want no reminders
setting-address = address of the maker on certificates
setting-authorisation = manufacturing authorisation on certificates

sig-09-no-second-factor = This site wants a code from a phone of whoever signs. Set up yours first: the page Phone, at the address /phone.
sig-09-factor-in-force = A phone is set up already. End it first, with a code of it.
sig-09-no-factor-begun = No phone waits to be confirmed. Begin anew.
sig-09-no-factor-in-force = No phone is set up.
sig-09-code-not-of-now = This is not the code of now, or it was used already. Wait for the next one; check that the phone's clock is right.

place-everywhere = everywhere
place-on-device = on the device { $device }
place-from-address = from the address { $address }
place-signed-in-here = Signed in on this device with user name and password.
place-at-command-line = Done at the command line of the server.
# What waits, on the first page
queue-passwords = Passwords that two hand over
queue-rights = Rights to confirm
queue-recoveries = People let back in at the machine
queue-settings = Settings to sign
queue-doubts = The clock or a restore to judge
queue-clock = The server's clock
queue-restore = The restored backup
