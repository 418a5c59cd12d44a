# What the rules of labels say. One message a rule; figures and names are put in as they are.

lab-01-no-label = There is no label to print.
lab-01-no-paper = Choose what the labels are printed on.
lab-01-too-many = These are { $count } labels. Print at most { $most } at once.
lab-04-chosen-twice = One label is chosen twice. Choose each once.
lab-04-printed-before = Printed before: { $labels }{ $more ->
    [0] {""}
   *[other] {" "}and others
}. Say why it is printed again, in at least ten characters.
lab-04-printed-meanwhile = Somebody printed one of these labels meanwhile, or the label stock was changed. Print again: the copies are numbered anew.
lab-03-label-refused = { $fault }

series-batch = batch
series-cord = cord
series-flask = flask
series-jar = jar
series-carton = carton
series-label-sheet = label sheet
series-material-lot = material lot
series-deviation = deviation
series-final-container = final container
series-equipment = equipment
series-certificate = certificate
series-sample = sample
series-vial = vial

code-empty = Scan or type a code.
code-other-kind = { $code } is the code of a { $kind }; scan the code of a { $wanted } here.
code-no-series = { $typed } is not a Cordbook code: no series begins with { $letter }.
code-damaged = { $typed } looks like the code of a { $kind } but is damaged or mistyped (its check digits do not fit): scan again or type it from the label.
code-gs1 = { $typed } is a GS1 code of another system, not a Cordbook code.
code-isbt = { $typed } is an ISBT 128 code of another system, not a Cordbook code.
code-web-address = { $typed } is a web address, not the code of anything kept here.
code-not-ours = { $typed } is not a Cordbook code: those are one letter and digits, like B260017-06.

label-none = There is no label to print; choose at least one.
label-mixed = One print holds one kind of label, not { $kinds }; print them apart.
label-no-stock = There is no label stock '{ $kind }'; the stocks are { $stocks }.
label-places = An A4 sheet of this stock has { $places } places; leave between 0 and { $most } free.
label-vials-only = Only vial labels go on a sheet of vial labels.
label-code-too-long = The code { $code } does not fit on a { $size } label; use a larger stock.
label-says-a-state = A label does not say “{ $status }”: status is shown by scanning; print “{ $stock }”.
label-text-too-long = The text does not fit on a { $size } label even in the smallest type; shorten it (longest: “{ $longest }”).

stock-none = There is no stock here: at least one is needed.
stock-smallest = “smallest” is larger than “text”: exchange them.
stock-symbol = The symbol and its margins are wider than the label.
stock-length = “{ $written }” is no length: write for example 22 mm or 9 pt.

label-on-a-sheet = { $columns } × { $rows } on an A4 sheet
