consents-title = Consents
consents-lead = What you said yes to, when, and in which words.
consents-none = There is no consent here yet. Your profile asks for it.
consents-given-at = Given on { $name }
consents-withdrawn-at = Withdrawn on { $name }
consents-open = in force
consents-over = withdrawn
consents-version = The text you agreed to (version { $count })
consents-withdraw = Withdraw
consents-text-title = What you consent to
consents-error-text = The text of the consent has changed. Please read it again and then save.
consents-publication-words =
    You decide for each detail who may see it. With “Save” you consent that this Kontor shows a detail to those whom you have chosen for it.

    “My clusters” are all who work in one of your clusters. “All clusters” are all who work in this Kontor. “Public” is everybody on the internet, search engines too.

    This is voluntary. Choosing “Nobody” has no disadvantage. You can withdraw the consent at any time, here or under “My data”. What was shown until then was lawful. Data stored on another ground, for example your account, stays.
consents-basis-consent = Consent (Art. 6(1)(a) GDPR)
consents-basis-contract = Use at your own wish (Art. 6(1)(b) GDPR)
consents-basis-obligation = Legal obligation (Art. 6(1)(c) GDPR)
consents-basis-interest = Legitimate interest in safe operation and cooperation (Art. 6(1)(f) GDPR)
consents-basis-list = The ground that the cluster has given with its list. The message to you names it.
consents-place-first = at the first sign-in
consents-place-profile = in one’s own profile
consents-place-own = under “My data”
consents-place-elsewhere = not on a page of their own
consents-account = Account and sign-in
consents-account-data = Name, email address, roles and sessions. Without them you cannot sign in.
consents-account-ends = Until you erase your account. Invitations that nobody accepts end by themselves.
consents-publication = Showing your contact details
consents-publication-data = Name, function, email address and telephone, each only for those to whom you show it.
consents-publication-ends = Until you withdraw it.
consents-contacts = Contacts from member lists
consents-contacts-data = Name, function, email address and telephone as the cluster entered them. Only its management sees them.
consents-contacts-ends = Until the cluster withdraws its list or you request erasure. After an objection they are locked.
consents-requests = Requests: become a member, take over a page
consents-requests-data = Name, email address, function and message. The management of the cluster concerned reads them.
consents-requests-ends = Rejected ones 30 days, approved ones { $count } days after the decision.
consents-messages = Messages to organisations
consents-messages-data = Name, email address and text. We relay them to the organisation.
consents-messages-ends = The text until it is delivered, the rest 14 days, after a report until that is settled. A blocked sender stays as a checksum without a name.
consents-mails = Emails sent
consents-mails-data = Address, subject and text of what Kontor writes to you.
consents-days-ends = { $count } days.
consents-barriers = Reports of barriers
consents-barriers-data = Your message and, if you give it, your email address. The administration answers them.
consents-barriers-ends = { $count } days after the answer.
consents-security = Security and traceability
consents-security-data = Who changed what and when, as numbers without names; sign-in attempts as checksums.
consents-security-ends = Links and sessions { $count } days after their end. The log stays.
flash-consent-withdrawn = Withdrawn. From now on nobody sees it.
