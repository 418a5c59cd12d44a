# What the rules of people say. One message a rule; figures and names are put in as they are.

iam-02-role-may-not = Your role may not { $permission }. Ask somebody who may.
sig-11-username-taken = This username is or was somebody's and is never used again. Choose another.
iam-03-own-role = Nobody changes their own role. Ask another administrator.
iam-03-own-account = Nobody deactivates their own account. Ask another administrator.
sig-14-not-present-password = This is not your present password. Type it again.
iam-06-password-length = Choose a password of { $shortest } to 200 characters.
iam-06-password-not-new = Choose a password that is neither the present one nor your username.
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
