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
permission-release-lots = release, reject or hold material lots
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
permission-raise-deviations = raise a deviation about anything
permission-judge-deviations = assess, judge and close deviations
permission-review-batches = review a batch record and its trail
permission-release-batches = release a batch or withdraw its certificate
permission-reject-batches = reject a batch
permission-print-labels = print labels
permission-manage-people = make, change and deactivate people
permission-manage-site = change settings of the site, acknowledge a clock or restore finding
permission-judge-site = judge a clock or restore finding

iam-02-last-holder = { $name } is the only active person with the role { $role }. Give somebody else this role first.
iam-07-nothing-closed = Nothing is closed for this person. It may have been opened meanwhile.
iam-06-password-repeats-name = Choose a password that is not your user name, not even written several times.

sign-in-refused = User name or password is wrong, or this account is closed here after repeated failures. Type both again; if it goes on, ask an administrator.
signing-refused = User name or password is wrong, or signing is closed here after repeated failures. Type both again; if it goes on, sign in anew on this device or ask an administrator.
too-many-attempts = Too many attempts failed for this name or from here, so nothing was judged now. Try again in { $seconds } seconds.
