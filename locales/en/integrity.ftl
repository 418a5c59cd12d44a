# What the rules of integrity say. One message a rule; figures and names are put in as they are.

tim-03-clock-suspect = The server's clock went back, so nothing can be signed until an administrator has acknowledged it and QA has judged it on the page Clock.
sig-16-facts-changed = Something changed since you opened this page, so it was not signed. Read the facts again below and sign once more.
sig-06-only-a-person = Only a person can sign.
rel-02-move-not-allowed = This is { $state } and cannot become { $wanted }. Open the page anew to see where it stands.
entry-id-used-before = This form was already used for another entry. Open the page anew and enter it again.
tim-05-no-such-setting = There is no setting called { $name }.
tim-05-zone-unknown = Write the zone as in the IANA list, for example Asia/Ho_Chi_Minh or Europe/Berlin.
tim-05-minutes-out-of-range = Write a whole number of minutes from 1 to 120.
tim-05-site-name-length = Write the site's name in 1 to 80 characters.
