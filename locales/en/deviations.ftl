# What the rules of deviations say. One message a rule; figures and names are put in as they are.

dev-state-assessment-stands = This deviation is { $state }: its assessment stands as it was judged.
dev-class-unread = Choose minor, major or critical.
dev-class-lowered = The class is lowered from { $was } to { $wanted }. Say why, in at least ten characters.
dev-decision-not-made = Decide whether work may go on, or reject.
dev-decision-only-reject = The master record allows no other decision here than to reject.
iam-03-judge-made-the-entry = You made the entry that this deviation is about. Another person of quality assurance judges it.
aud-03-judgement-reason = Say why, in at least ten characters.
iam-03-closer-made-the-entry = You made the entry that this deviation is about. Another person of quality assurance closes it.
iam-03-closer-judged = You judged this critical deviation. Another person of quality assurance closes it.
dev-state-not-assessed = This deviation is not assessed yet. Write its cause and impact first.
dev-state-past-judgement = This deviation is { $state } already. Open its page anew.
dev-state-closed-already = This deviation is closed already. Open its page anew.
dev-state-not-judged = This deviation is not judged yet. Judge it first.

term-deviation-deviation = Deviation
term-deviation-under = Under
term-deviation-place = Place
term-deviation-what-happened = What happened
term-deviation-rule = Rule
term-deviation-class-when-opened = Class when opened
term-deviation-opened = Opened
term-deviation-consequence = Consequence
term-deviation-cause = Cause
term-deviation-impact = Impact on the product
term-deviation-class = Class
term-deviation-why-changed = Why the class was changed
term-deviation-assessed-by = Assessed by
term-deviation-judgement = Judgement
term-deviation-judged-by = Judged by

deviation-opened = { $opened } by { $username }
deviation-only-rejected = can only be rejected
deviation-under-donor = donor { $code }
deviation-under-code = { $kind } { $code }
decision-continue = Work may go on
decision-reject = Reject

dev-raised-by-hand = { $said }
dev-raised-nothing-under-code = There is no batch, cord, container, sample, lot, equipment or donor under this code. Scan its label again.
dev-hold-nothing-under-code = There is no container, sample, cord, lot, equipment or donor under this code. Scan its label again; a batch is put on hold on its own page.
dev-raised-unsaid = Say what happened, in at least ten characters.
dev-observation-unsaid = Say what you saw, in at least ten characters.
dev-observed-long-ago = This time is more than a year ago: check it, or write in the text since when it was so.
dev-observed-in-the-future = This time is still to come: write when it was seen.
dev-observation-classified-already = QA has said already what this observation is. Open its page anew.
dev-observation-verdict-unread = Say whether it is nothing that matters, or a deviation.
dev-observation-verdict-reason = Say why, in at least ten characters.
capa-unsaid = Say what is to be done, in at least ten characters.
capa-nobody = Write who does it.
capa-due-past = This day is over: write a day until which it can be done.
capa-far-ahead = This day is more than five years ahead: check it.
capa-check-before-due = Its effect can be seen only after it is done: write a later day for the check.
capa-not-next = This action is { $state }: that is not its next step. Open its deviation anew.
capa-reason = Say how and what shows it, in at least ten characters.
capa-checker-did-it = You did this action. Another person of quality assurance checks its effect.
