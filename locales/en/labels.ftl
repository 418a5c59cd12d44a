# What the rules of labels say. One message a rule; figures and names are put in as they are.

lab-01-no-label = There is no label to print.
lab-01-no-paper = Choose what the labels are printed on.
lab-01-too-many = These are { $count } labels. Print at most { $most } at once.
lab-04-chosen-twice = One label is chosen twice. Choose each once.
lab-04-printed-before = Printed before: { $labels }{ $more ->
    [0] {""}
   *[other] {" "}and others
}. Say why it is printed again, in at least ten characters.
lab-03-label-refused = { $fault }
