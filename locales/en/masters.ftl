# What the rules of masters say. One message a rule; figures and names are put in as they are.

mbr-03-kept-file-differs = The kept file of { $master } is not the one that was imported. Nothing may be done with it; tell your administrator to run ./run verify.
mbr-02-same-file = This very file is already { $master }. Only a changed one is a new version.
mbr-02-reason = Say why, in at least ten characters.
mbr-01-document-fault = { $fault }
mbr-01-approver-is-author = You wrote or imported this master record. Somebody else must approve it.
mbr-01-quality-had-a-hand = You wrote, imported or checked this master record. Somebody else must give QA's approval.
mbr-02-not-before = QA approved this version from a later time on. Make it effective when that time has come.
mbr-02-newer-effective = Version { $version } is newer and already effective. Import what you want as a new version.
mbr-02-time-has-passed = This time has passed. Give a time to come, or leave it empty for at once.
