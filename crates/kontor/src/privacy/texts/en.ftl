privacy-title = Data protection
privacy-lead = Access and erasure on demand, and what ends by itself.
privacy-own-title = My data
privacy-own-lead = This is all that is stored about you here.
privacy-own-file = Download as a file (JSON)
privacy-part-account = Account
privacy-part-person = Person in the directory
privacy-part-mails = Messages
privacy-part-reports = Reported barriers
privacy-part-activity = Log
privacy-col-what = Entry
privacy-col-value = Value
privacy-erase-title = Erase my data
privacy-erase-lead = Your account and everything stored about you will be erased at once and for good.
privacy-erase-what = Erased are name, addresses, publications, roles, sign-ins and messages. Numbers without names stay in the log. A restored backup does not bring the data back either.
privacy-erase-sure = Yes, I want everything erased. This cannot be undone.
privacy-erase-act = Erase for good
privacy-erase-somebody = Erase everything of this address
privacy-error-sure = Confirm that you want everything erased.
privacy-access-title = Give access
privacy-access-lead = Stored under { $name }
privacy-access-hint = For people who ask in writing, also without an account. That access was given is noted in the log.
privacy-access-act = See the data
privacy-access-nothing = Nothing is stored of this address.
privacy-erased = { $count ->
    [one] One person has been erased so far.
   *[other] { $count } people have been erased so far.
}
privacy-rules-title = What ends by itself
privacy-rules-lead = In days. The rules run once a day.
privacy-rule-links = Expired links and sign-ins
privacy-rule-invitations = Invitations that nobody accepted
privacy-rule-mails = Sent and kept messages
privacy-rule-staged = Uploaded lists that nobody decided on
privacy-rule-barriers = Answered reports of barriers
privacy-error-days = Enter a number of days between 1 and 3,650.
privacy-part-doors = Requests and messages to organisations
