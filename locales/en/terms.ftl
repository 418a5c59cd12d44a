# What facts are called where they are shown and signed.

term-batch = Batch
term-by = By
term-comment = Comment
term-container = Container
term-cord = Cord
term-decision = Decision
term-disposition = Disposition
term-donor = Donor
term-execution = Execution
term-lot = Lot
term-master-record = Master record
term-method = Method
term-product = Product
term-recorded = Recorded
term-remark = Remark
term-sample = Sample
term-specification = Specification
term-step = Step
term-test = Test
term-why = Why

phrase-person = { $name } ({ $username })
phrase-clock-forward = The clock went forward by { $by } more than the time that passed: it said { $says }.
phrase-clock-back = The clock went back by { $by }: it said { $says }.
phrase-clock-before = The clock went back: it said { $says }, { $by } before the newest event of { $newest }.
phrase-clock-silent = The clock may have gone forward: it said { $says } at a start, { $by } after the newest event of { $newest }.
phrase-deviation-code = Deviation { $code }
phrase-deviation = { $class }, { $state }: { $sentence }
phrase-document-digest = { $document }, SHA-256 { $sha256 }
phrase-labelled = { $label }: { $fact }
