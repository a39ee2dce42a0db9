history-title = History
history-title-of = History: { $name }
history-act = See the history
history-own-act = My history
history-lead-organisation = What has happened to this entry, newest first. A name appears here only if the person shows it to you.
history-lead-cluster = What has happened in this cluster, newest first. You see only what you may also see elsewhere.
history-lead-own = What has happened to your profile and your account, newest first. Only you see this page.
history-empty-title = Nothing has happened yet
history-empty-text = Changes appear here as soon as somebody makes one.
history-newest = Back to the newest
history-older = Older
history-before = before
history-after = now
history-from-list = from
history-a-list = a member list
history-by = by { $name }
history-by-for = by { $name } for { $body }
history-by-itself = by { $name } for the organisation itself
history-by-you = you
history-by-somebody = a signed-in person
history-by-system = the system
history-uploaded = File uploaded
history-organisation-created = Entry created
history-organisation-changed = Details changed
history-logo-set = Logo uploaded
history-logo-removed = Logo removed
history-joined = Became a member
history-membership-changed = Kind or beginning of the membership changed
history-left = Membership ended
history-resumed = End of the membership withdrawn
history-join-withdrawn = Joining undone with its import
history-merged = Duplicate entry merged
history-merge-undone = Merge undone
history-merge-proposed = Merge proposed with
history-merge-withdrawn = Proposal withdrawn to merge with
history-apart-taken-back = No longer recorded as different from
history-kept-apart = Recorded as different from
history-request-approved = Request from outside approved
history-person-joined = New at the organisation
history-role-granted = Role “{ $role }” given to
history-role-ended = Role “{ $role }” ended
history-roles-granted = { $count ->
    [one] Role of one person began
   *[other] Roles of { $number } people began
}
history-roles-ended = { $count ->
    [one] Role of one person ended
   *[other] Roles of { $number } people ended
}
history-cluster-created = Cluster founded
history-cluster-changed = Details of the cluster changed
history-ground-given = Legal ground for contacts added ({ $ground })
history-merge-agreement = { $agrees ->
    [yes] Merging of equal register numbers allowed
   *[other] Merging of equal register numbers no longer allowed
}
history-member-joined = New in the cluster
history-members-joined = { $count ->
    [one] One organisation new in the cluster
   *[other] { $number } organisations new in the cluster
}
history-member-changed = Kind or beginning of the membership changed
history-member-left = Membership ended
history-members-left = { $count ->
    [one] One membership ended
   *[other] { $number } memberships ended
}
history-member-resumed = End of the membership withdrawn
history-members-resumed = { $count ->
    [one] The end of one membership taken back
   *[other] The end of { $number } memberships taken back
}
history-member-withdrawn = Joining undone with its import
history-members-withdrawn = { $count ->
    [one] One joining taken back with its import
   *[other] { $number } joinings taken back with their import
}
history-member-merged = { $named ->
    [yes] Duplicate entry “{ $other }” now belongs to
   *[other] Duplicate entry merged
}
history-member-merge-undone = { $named ->
    [yes] Merge with “{ $other }” undone
   *[other] Merge undone
}
history-import-applied = Member list imported
history-import-undone = Import undone
history-person-created = Profile created
history-person-changed = Profile saved
history-publication-changed = Visibility of “{ $field }”: { $audience }
history-works-for = Now belongs to
history-employment-asked = Waiting for a yes from
history-employment-withdrawn = Withdrew the statement about the organisation
history-employment-declined = Not confirmed by
history-works-no-more = No longer belongs to the previous organisation
history-informed = Informed about the stored data
history-contact-invited = Invited by a cluster
history-offer-accepted = Invitation of a cluster accepted
history-offer-declined = Invitation of a cluster declined
history-objected = Objected
history-account-created = Account created
history-invited = Invitation sent
history-invitation-accepted = Invitation accepted
history-invitation-withdrawn = Invitation withdrawn
history-own-role-granted = Role “{ $role }” received
history-own-role-ended = Role “{ $role }” ended
history-signed-in = Signed in
history-sessions-ended = Other sessions ended
history-password-set = Password changed
history-address-changed = Email address changed
history-account-changed = Account settings changed
history-account-locked = Account locked
history-account-unlocked = Account unlocked
