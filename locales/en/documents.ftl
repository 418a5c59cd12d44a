# What the rules of documents say. One message a rule; figures and names are put in as they are.

mbr-03-kept-file-differs = The kept file of { $document } is not the one that was imported. Nothing may be done with it; tell your administrator to run ./run verify.
mbr-02-same-file = This very file is already { $document }. Only a changed one is a new version.
mbr-02-other-code = This site already has such a document under the code { $code }. Write that code in yours: it then is its next version.
mbr-02-time-far-ahead = This lies more than five years ahead. Check the date.
mbr-02-reason = Say why, in at least ten characters.
mbr-01-document-fault = { $fault }
mbr-01-approver-is-author = You wrote or imported this { $kind }. Somebody else must approve it.
mbr-01-quality-had-a-hand = You wrote, imported or checked this { $kind }. Somebody else must give QA's approval.
mbr-02-not-before = QA approved this version from a later time on. Make it effective when that time has come.
mbr-02-newer-effective = Version { $version } is newer and already effective. Import what you want as a new version.
mbr-02-time-has-passed = This time has passed. Give a time to come, or leave it empty for at once.
mbr-02-superseded = This version is superseded already. Open the one in force.

mbr-02-no-master-record = No master record is in force. An author imports one on the page Documents, Master batch records; an approver and QA sign it, and the approver makes it effective.
mbr-02-no-specification = No specification is in force. QC imports and signs one on the page Documents, Specifications; QA approves it.
mbr-02-no-donor-criteria = No donor criteria are in force. QA imports and signs them on the page Documents, Donor criteria; another person of QA approves them.
mbr-02-no-materials = No list of materials is in force. QA imports and signs it on the page Documents, Materials; another person of QA approves it.
mbr-02-no-label-stock = No label stock is in force. QA imports and signs it on the page Documents, Label stock; another person of QA approves it.

document-master-record = master record
document-specification = specification
document-donor-criteria = donor criteria
document-materials = list of materials
document-label-stock = label stock

file-line = line { $line }
file-too-large = The document is larger than 1 MB: it should be a few pages of text.
file-empty = The document is empty: choose its file.
file-not-utf8 = The document is not UTF-8: save it as UTF-8 text.
file-not-toml = The document is not TOML here: { $reason }.
file-too-deep = The document is not TOML here: it is nested too deeply or a number too long.
file-deep-key = A key has more parts with dots between than any key of a document: write tables instead.

key-text = a text in quotes
key-flag = true or false
key-list = a list in [ ]
key-table = a table of keys
key-whole = a whole number without quotes
key-number = a number without quotes
key-date = a date or time

key-unknown = “{ $key }” is not a key known here: take it out. Known here are { $known }.
key-unknown-near = “{ $key }” is not a key known here: did you mean “{ $near }”?
key-missing = “{ $key }” is missing: add it as { $kind }.
key-other-kind = This must be { $kind }, not { $found }.
key-empty-text = This text is empty: say something.
key-long-text = This text has more than { $longest } characters: make it shorter.
key-control-character = This text holds a control character: take it out.
key-not-an-id = “{ $id }” cannot be an id: use small letters, digits and _, a letter first, at most 40.
key-not-a-code = “{ $code }” cannot be a code: use capitals, digits and hyphens, for example { $example }.
key-not-allowed = “{ $word }” is not known here: use { $allowed }.
key-not-texts = This must be a list of at least one text in quotes.
key-same-text = The same text stands here twice: keep it once.
key-not-a-language = “{ $language }” is not the code of a language: write for example en or vi.
key-no-english = The English text is missing: add en = "…".
key-not-whole = “{ $number }” must be a whole number from { $low } to { $high }.
key-bare-number = Write the number as text in quotes, digits as meant: { $key } = "{ $digits }".
key-empty-list = This list is empty: at least one is needed.
key-reversed = “{ $low }” is above “{ $high }”: exchange them.
key-id-twice = The id “{ $id }” stands here { $count } times: each needs its own.
key-twice = “{ $name }” stands here { $count } times: keep it once.

term-document-master-record = Master record
term-document-specification = Specification
term-document-donor-criteria = Donor criteria
term-document-materials = List of materials
term-document-label-stock = Label stock
term-document-version = Version
term-document-title = Title
term-document-changes = Changes
term-document-stands-at = Stands at
term-document-sha256 = SHA-256 of the document
term-document-not-before = Effective not before
term-document-effective-from = Effective from
document-from-approval = its approval
term-master-stages = Stages
term-master-steps = Steps

expiry-runs-from = { $field } is no moment of this record: name the step and its field of the type datetime, like suspend.finished.
expiry-missing = A final container has an expiry: say in [master] from which moment it runs (expires_from) and how long the product keeps (hold).
expiry-no-hold = Say how long the product keeps from expires_from on, here or at each answer of one choice.
expiry-second-formulation = The answers of “{ $field }” say already how long the product keeps: take the hold away from this one.
expiry-hold-missing = The answer “{ $answer }” has no hold, but others of this choice have: say how long the product keeps with it.

document-first-version = First version
document-against-version = Against version { $version }:
document-same-content = same content in other words of the file
document-lines-differ = { $added } lines added, { $removed } taken out
document-version-effective = Version { $version } is effective
# What waits, on the first page
queue-authors = Documents to sign as author
queue-approvals = Documents to approve
queue-quality = Documents that wait for quality
queue-dates = Documents to make effective
