# What the rules of stores say. One message a rule; figures and names are put in as they are.

trc-08-no-such-kind = “{ $kind }” is no kind of container: use one of { $kinds }.
trc-01-parent-unknown = The container this one comes from is not on record. Open the page anew.
mat-03-equipment-kind = “{ $kind }” is no kind of equipment: choose one of the list.
mat-03-equipment-unreadable = { $fault }
aud-03-lot-reason = Say why, in at least ten characters.
mat-02-lot-unreadable = { $fault }
mat-02-expired-at-receipt = This lot expired on { $day }. Check the date, or send the lot back.
mat-02-human-origin = This material comes from human donors. Choose “From human donors” and give the donor pool.
mat-02-donor-pool = Write the supplier's reference of the donor pool, from the certificate.
mat-02-other-material = Lot { $lot } is { $material }; { $wanted } is needed here. Take a lot of { $wanted }.
mat-02-expired-at-release = Lot { $lot } expired on { $day } and cannot be released. Reject it instead.
mat-03-other-kind = { $equipment } is registered as { $kind }; { $wanted } is needed here. Scan the { $wanted } you use.
mat-03-done-in-the-future = Today is { $today }: write the day on which the calibration was done.
mat-03-due-before-done = The next calibration is due after this one. Check both days.
mat-02-lot-quarantine = Lot { $lot } is in quarantine. Take a released lot, or ask QA.
mat-02-lot-on-hold = Lot { $lot } is on hold. Take a released lot, or ask QA.
mat-02-lot-rejected = Lot { $lot } is rejected. Set it apart and take a released lot.
mat-02-lot-expired = Lot { $lot } expired on { $day }. Set it apart and take a lot that is in date.
mat-03-calibration-overdue = The calibration of { $equipment } was due on { $day }. Take another one, or have it calibrated first.
mat-03-not-calibrated = { $equipment } has no calibration on record. Take another one, or have its calibration recorded first.
mat-02-lot-unknown = { $code } is no material lot of this site. Scan the label again, or have the material lot registered first.
mat-03-equipment-unknown = { $code } is no equipment of this site. Scan the label again, or have the equipment registered first.

lot-released = Lot { $lot } is released and in date until { $day }. It may be used.
equipment-calibrated = { $equipment } is calibrated until { $day }. It may be used.

term-store-materials = Materials
term-store-from-human-donors = From human donors
term-store-kinds-of-equipment = Kinds of equipment
term-store-units = Units
term-store-material = Material
term-store-supplier = Supplier
term-store-supplier-lot = Supplier's lot
term-store-manufacturer = Manufacturer
term-store-certificate = Certificate of analysis
term-store-donor-pool = Donor pool
term-store-quantity = Quantity received
term-store-use-by = Use by
term-store-list-of-materials = List of materials
term-store-stands = Stands
term-store-becomes = Becomes
store-no-donors = not from human donors
store-pieces = { $number } pieces
store-end-of-day = { $day } (end of the day, { $zone })
