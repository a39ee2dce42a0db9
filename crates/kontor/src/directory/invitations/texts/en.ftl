invitations-title = Invite contacts
invitations-lead = Invite the contacts of your member list in stages. Each of them learns which of their data came from where.
invitations-clusters = Your clusters
invitations-ready = Not invited yet
invitations-invited = Invited
invitations-without-mail = Without an email address
invitations-objected = Have objected
invitations-overdue = { $count ->
    [one] One person has been stored for more than a month and does not know. Invite or inform them (Art. 14 GDPR).
   *[other] { $count } people have been stored for more than a month and do not know. Invite or inform them (Art. 14 GDPR).
}
invitations-refused-controller = No controller has been named yet. Every message to contacts must name one (Art. 14 GDPR). Enter it under “Region and imprint”, or ask the administration to.
invitations-ground-title = State the legal ground
invitations-ground-lead = { $count ->
    [one] For one person it is not stated on which ground you keep their data. Until then we do not write to them.
   *[other] For { $count } people it is not stated on which ground you keep their data. Until then we do not write to them.
}
invitations-ground = Legal ground
invitations-ground-act = Save for these people
invitations-choose = Please choose
invitations-source = Origin of the data
invitations-source-hint = Such as “membership form” or “trade fair 2026”. The message to the people says it in these words.
invitations-error-ground = Choose the legal ground.
invitations-error-source = Say where the data came from.
invitations-stage-title = Next stage
invitations-stage-empty = Nobody can be invited at the moment: either everybody has been invited, or the list has no addresses.
invitations-stage-hint = They follow the alphabetical order of the organisations’ names. Each message contains the information of Art. 14 GDPR and a link to object.
invitations-stage-act = Invite
invitations-inform-act = Inform only
invitations-most = At most
invitations-may-edit = May edit the profile of their own organisation
invitations-may-edit-hint = You can end this in the list of people below.
invitations-people = People with an account
invitations-people-empty = Nobody in your cluster has an account yet.
invitations-person = Person
invitations-action = Action
invitations-again = Send again
invitations-one-title = Invite one person
invitations-organisation = Organisation
invitations-organisation-hint = Name of an organisation of your cluster, or the address of its page
lookup-which = Which organisation do you mean?
lookup-error-none = No organisation of your cluster has this name. Check the spelling, or leave the field empty.
lookup-error-choose = Choose below which organisation you mean.
invitations-refused-open = This person has already accepted the invitation.
invitations-error-objected = This person has objected to the use of their data and is not written to.
invitations-subject = Invitation to Kontor by { $name }
invitations-text = { $by } invites you, for { $organisation }, to Kontor. The members of { $cluster } work with other clusters there.
invitations-one-text = { $by } invites you to Kontor. The members of { $cluster } work with other clusters there.
invitations-again-text = Your invitation to Kontor by { $name } is still open. Here is a new link.
invitations-hidden = Nobody sees anything of you unless you publish it yourself.
invitations-notice-subject = Your data at { $name }
invitations-notice-data = Stored about you: { $data }. { $cluster } has entered these details. Origin: { $source }.
invitations-notice-ground = The ground is: { $ground }. The purpose is the collaboration of the region's clusters.
invitations-notice-rights = You can request access, rectification and erasure, object to the processing, and complain to the data protection authority.
invitations-notice-controller = Controller: { $name }
invitations-object = Object: my data should not be here
invitations-objection-title = Objection
invitations-objection-lead = { $name }: do you want nothing about you to be shown here and nothing more to be sent to you?
invitations-objection-what = Your details are locked at once. An open invitation ends. The controller named on the privacy page erases them on request.
invitations-objection-act = Yes, I object
invitations-objection-done = Your objection is in effect. Nothing about you is shown here and nothing more is sent to you.
invitations-keeps = May edit: { $name }
invitations-end-keeping = End the right to edit
flash-representation-ended = This person may no longer edit the profile.
