# What the rules of specifications say. One message a rule; figures and names are put in as they are.

qc-01-document-fault = { $fault }
qc-01-same-document = This very document is already { $specification }. Change it, or use that version.
qc-01-effective-in-the-past = A specification cannot become effective in the past. Write a time to come, or leave it empty: then it holds from its approval on.
qc-01-approver-had-a-hand = You imported or authored this specification. Another person of quality assurance approves it.
