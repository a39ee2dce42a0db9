directory-clusters-title = Clusters
directory-clusters-lead = Each cluster brings one industry of the region together. Many organisations belong to several.
directory-clusters-empty-title = No cluster yet
directory-clusters-empty-text = The region’s clusters will appear here as soon as the administration has added the first one.
directory-cluster-about = What it is about
directory-cluster-organisations = Who belongs to it
directory-cluster-empty-title = No organisations to see yet
directory-cluster-empty-text = This cluster’s members will appear here as far as they are visible to you.
directory-organisations-title = Organisations
directory-organisations-lead = Business, science, public administration and civil society of the region in one directory.
directory-organisations-list = List of organisations
directory-organisations-count = { $count ->
    [0] no organisation yet
    [one] one organisation
   *[other] { $count } organisations
}
directory-organisations-all = { $count ->
    [one] The one organisation
   *[other] All { $count } organisations
}
directory-organisations-empty-title = No organisation found
directory-organisations-empty-filter = No organisation that you may see matches this selection.
directory-organisations-empty-text = Organisations will appear here as soon as a cluster has imported its member list.
directory-organisation-about = What we can do
directory-organisation-no-profile = This organisation has not written a profile yet.
directory-organisation-memberships = Memberships
directory-organisation-hidden = This page is not public.
directory-filter-title = Selection
directory-filter-all = All
directory-filter-cluster = Cluster
directory-filter-side = Kind
directory-filter-size = Size
directory-filter-place = Place
directory-filter-competence = Competence
directory-filter-class = Industry
directory-filter-apply = Apply selection
directory-filter-reset = Reset selection
directory-filter-held = { $count ->
    [one] (one set)
   *[other] ({ $count } set)
}
directory-filter-held-label = Filters in use
directory-filter-unset = remove
directory-organisations-total = { $count ->
    [one] One organisation
   *[other] { $count } organisations
}
directory-helix-title = The four sides
directory-helix-lead = Business, science, administration and civil society: how the organisations that you may see are distributed.
directory-helix-caption = Number of organisations by helix side
directory-helix-picture = Bar with the shares of the four sides; the numbers are in the table below.
directory-helix-side = Helix side
directory-helix-number = Number
directory-helix-business = Business
directory-helix-science = Science
directory-helix-policy-admin = Policy and administration
directory-helix-civil-society = Civil society
directory-helix-unassigned = Not assigned yet
directory-size-micro = fewer than 10 employees
directory-size-small = 10 to 49 employees
directory-size-medium = 50 to 249 employees
directory-size-large = 250 employees or more
directory-size-as-of = as of { $name }
directory-membership-kind = Type
directory-membership-since = Since
directory-membership-until = Until
directory-membership-open = to date
directory-membership-member = Member
directory-membership-partner = Partner
directory-membership-guest = Guest
directory-key-facts = Key facts
directory-founded = Founded
directory-website = Website
directory-updated = Last changed on { $name }
directory-people-title = People
directory-people-lead = Contact details belong to people, not to the directory.
directory-people-why = That is why there is no list for everyone here. Each person decides for every single field who may see it: nobody, their own clusters, all clusters, or everyone. People who show themselves publicly are named on the pages of their organisation and of the cluster they lead.
directory-people-how = If you are looking for somebody, start with their organisation.
directory-people-to-organisations = Browse organisations
directory-column-name = Name
directory-column-summary = Summary
directory-column-address = Page in Kontor
directory-download = Download this selection:

sheets-trouble-empty = The file is empty. Save the list again, then choose that file.
sheets-trouble-too-large = The file is too large. Split the list, or remove pictures and further sheets.
sheets-trouble-too-many-rows = The list has more than 100,000 rows. Split it into several files.
sheets-trouble-too-many-columns = The list has more than 200 columns. Delete the columns that are not needed.
sheets-trouble-password-protected = The file is protected by a password. Save it without one and choose it again.
sheets-trouble-truncated = The file breaks off in the middle. Download it or save it again.
sheets-trouble-binary = The file holds no list. Choose a table as CSV, XLSX, XLS or ODS.
sheets-trouble-wrong-extension = The file holds something other than its name says. Open it in its own program and save the list as CSV or XLSX.
sheets-trouble-no-header = No row with headings was found. Write above each column what it holds, such as company and city.
sheets-trouble-no-such-sheet = There is no such sheet in the file. Check its name.
sheets-trouble-unreadable = The file is damaged. Open it in your spreadsheet program and save it anew.

import-field-name = Name of the organisation
import-field-street = Street
import-field-postcode = Postcode
import-field-city = Place
import-field-region = Region
import-field-country = Country
import-field-website = Website
import-field-summary = Short description
import-field-founded = Year founded
import-field-employees = Number of employees
import-field-size = Size class
import-field-side = Type of organisation
import-field-classes = Industry class (WZ)
import-field-competences = Competences
import-field-register-number = Register number
import-field-status = Status
import-field-membership-kind = Type of membership
import-field-member-since = Member since
import-field-member-number = Member number
import-field-ror = ROR ID
import-field-pic = PIC number
import-field-vat = VAT number
import-field-lei = LEI
import-field-isni = ISNI
import-field-wikidata = Wikidata ID
import-field-contact-name = Contact person
import-field-contact-title = Contact person's title
import-field-contact-first = Contact person's first name
import-field-contact-last = Contact person's last name
import-field-contact-function = Contact person's function
import-field-contact-mail = Email address
import-field-contact-phone = Telephone
import-field-second-name = Second contact person
import-field-second-function = Second contact person's function
import-field-second-mail = Second contact person's email address
import-field-second-phone = Second contact person's telephone
import-field-ignored = Leave out
import-field-mail-host = Email ending (after the @)

import-reason-no-name = The name is missing. Enter the organisation’s name in this row.
import-reason-too-long = A cell holds too much text. Shorten the name to 300 characters and other entries to 2,000.
import-reason-same-line = The same organisation is already in row { $line }. Delete one of the two rows.

import-like-identifier = has the same identifier
import-like-name-and-place = has the same name in the same place
import-like-name = has the same name in another place
import-like-former-name = shares a former name with it
import-like-similar = has nearly the same name in the same place
import-like-web-host = has the same web address
import-like-mail-host = has the same email ending (after the @)
import-like-hidden = Possible match in another cluster; ask its management

import-refused-not-staged = This import is already finished. Reload the page.
import-refused-not-applied = This import cannot be undone because it is no longer in effect. Reload the page.
import-refused-blocked = This import can no longer be undone because something has changed at its organisations since. The import's page names them.

import-state-staged = waits for your decision
import-state-applied = imported
import-state-undone = undone
import-state-cancelled = discarded

import-title = Import a member list
import-lead = Upload your cluster’s list as it is. First you see what would change, then you decide.
import-file = File
import-file-hint = A table as CSV, XLSX, XLS or ODS, at most 20 MB
import-upload = Check the list
import-columns-title = Columns
import-columns-all = Each column was recognised by its heading.
import-columns-some = { $taken ->
    [one] 1 of { $all } columns is imported
   *[other] { $taken } of { $all } columns are imported
  }: { $known } recognised by heading, { $chosen } assigned by hand. { $left ->
    [0] None is left out.
    [one] 1 is left out.
   *[other] { $left } are left out.
  }
import-columns-clash = “{ $second }” and “{ $first }” have the same meaning: { $meaning }. Choose it for only one of the two columns.
import-columns-lead = What you change here is remembered for this cluster's next list.
import-columns-open = View and change the columns
import-columns-save = Use these columns
import-column-heading = Heading
import-column-example = Example
import-column-holds = Contains
import-column-nameless = without heading
import-column-unknown = not recognised, left out
import-preview-title = What will happen
import-group-rejected = { $count ->
    [one] rejected row
   *[other] rejected rows
}
import-group-duplicates = { $count ->
    [one] possible duplicate; it is imported on its own
   *[other] possible duplicates; they are imported on their own
}
import-group-new = { $count ->
    [one] new organisation
   *[other] new organisations
}
import-group-changed = { $count ->
    [one] change
   *[other] changes
}
import-group-unchanged = unchanged
import-first-rows = The first 200 rows are shown.
import-line = Row
import-what = What happens
import-count-new = { $count } new
import-count-changed = { $count } changed
import-count-unchanged = { $count } unchanged
import-count-absent = { $count } not in the list
import-count-duplicates = { $count ->
    [one] one possible duplicate
   *[other] { $count } possible duplicates
}
import-count-rejected = { $count } rejected
import-note-change = { $name }: { $before } → { $after }
import-note-kept = { $name } stays { $before }; the list says { $after }
import-note-added = Added: { $name }
import-note-joins = Becomes a member of this cluster
import-note-person = Contact person { $name } is added, visible to nobody
import-note-unread = Not understood and left out: { $name } “{ $cell }”
import-note-twin-line = Row { $line }, { $name } { $why }
import-none = empty
import-word-active = active
import-word-inactive = inactive
import-decide-title = Decide
import-skip-rejected = { $count ->
    [one] Leave out the rejected row and import all others
   *[other] Leave out the { $count } rejected rows and import all others
}
import-apply = Import the list
import-discard = Discard
import-nothing = This list changes nothing: the directory already has all of it.
import-result-title = Result
import-applied-at = Imported on { $name }
import-undone-at = Undone on { $name }
import-undo-lead = You can undo the whole import as long as nothing else has changed at these organisations.
import-undo = Undo the import
import-undo-blocked = This import can no longer be undone. Something has changed at these organisations since:
import-list-title = Imports
import-list-when = Uploaded
import-list-lines = Rows
import-list-empty-title = No import yet
import-list-empty-text = The member lists you import appear here. Each import can be undone as a whole.
import-refused-no-file = Choose a file with the member list.
import-refused-no-name-column = No column was recognised as the name of the organisation. Choose “Name of the organisation” for the right column.
import-refused-field-twice = Two columns have the same meaning. Choose each only once.
import-refused-rejected = Some rows are rejected, so nothing was imported. Correct the file, or tick the box to leave these rows out.

flash-import-applied = The list is imported.
flash-import-undone = The import is undone.
flash-import-discarded = The list is discarded. Nothing was changed.
directory-visibility-public = Public
directory-visibility-all-clusters = All clusters
directory-visibility-cluster = This cluster only
manage-list-title = Edit clusters
manage-list-empty = There is no cluster yet.
manage-new-title = New cluster
manage-new-act = Create cluster
manage-see = View the page
manage-edit = Edit page
manage-field-name = Name
manage-field-code = Code
manage-field-code-hint = Two to four letters or digits. It appears next to the cluster’s name.
manage-field-slug = Address
manage-field-slug-hint = The end of the web address, such as “port-logistics”. Empty: taken from the name. A former address redirects to the new one.
manage-field-purpose-de = Purpose in German
manage-field-purpose-en = Purpose in English
manage-field-purpose-hint = One sentence: what is this cluster for?
manage-field-about-de = Description in German
manage-field-about-en = Description in English
manage-field-themes-de = Themes in German
manage-field-themes-en = Themes in English
manage-field-themes-hint = Separated by commas
manage-field-website = Website
manage-field-founded = Founded (year)
manage-field-visibility = New organisations are at first seen by
manage-field-own = I lead this cluster
manage-field-own-hint = You can then import the member list yourself.
manage-error-name = Enter a name.
manage-error-slug = Enter an address of letters, digits and hyphens.
manage-error-slug-taken = Another cluster has this address. Choose a different one.
manage-error-code = Enter a code of two to four letters or digits.
manage-error-code-taken = Another cluster has this code. Choose a different one.
manage-error-purpose = Say in one sentence what the cluster is for.
manage-error-website = Enter a web address, for example www.your-organisation.eu.
manage-error-founded = Enter a four-digit year that is not in the future.
roles-title = Accounts and roles
roles-list = Accounts
roles-search = Name or address
roles-search-act = Search
roles-list-empty = No account matches.
roles-col-account = Account
roles-col-state = State
roles-col-last = Last sign-in
roles-never = never
roles-state-invited = invited
roles-state-active = active
roles-state-locked = locked
roles-state-closed = closed
roles-invite-title = Invite somebody
roles-invite-act = Send invitation
roles-field-name = Name
roles-field-role = Role
roles-field-cluster = Valid for
roles-field-cluster-hint = A cluster management needs a cluster; other roles may be valid for the whole region.
roles-field-lang = Language of the invitation
roles-error-cluster = Choose the cluster for which the role is valid.
roles-error-regional = This role is always valid for the whole region. Choose no cluster.
roles-field-until = Ends on
roles-field-until-hint = The last day of the role. After that it ends by itself. An audit needs one.
roles-error-until = Enter a day that is today or later, such as 31 March 2027.
roles-error-unlimited = The account already has this role without an end date. End that one first.
roles-any = All roles
roles-no-role = none
roles-error-auditor = Auditing is given for a period only. Enter its last day under “Ends on”.
roles-region = Whole region
roles-since = Created
roles-roles = Roles
roles-none = This account has no role.
roles-from = from { $name }
roles-until = ended on { $name }
roles-last = until and including { $name }
roles-end-act = End
roles-lock-act = Lock account
roles-unlock-act = Unlock account
roles-grant-title = Give a role
roles-grant-act = Give role
roles-invitation-subject = Invitation to Kontor
roles-invitation-text = { $by } invites you to Kontor. Your role: { $role }.
roles-invitation-place = It is valid for { $name }.
people-list-lead = You see the people who show themselves to you, and of them only what they have published.
people-search = Name
people-search-act = Search
people-search-reset = Reset the search
people-list-empty-title = There is nobody to see here
people-list-empty-text = Either no name matches, or nobody has become visible to you yet.
people-to-profile = You decide in your profile what others see of you.
people-profile-title = Profile
people-profile-lead = What others may see of you.
people-first-title = What may others see of you?
people-first-lead = We ask this once. At the moment nobody sees anything of you. You can change every entry later.
people-field-name = Name
people-field-function = Function
people-field-mail = Email address for contacts
people-field-phone = Telephone
people-who-sees = Who may see this: { $name }
people-audience-nobody = Nobody
people-audience-clusters = My clusters
people-audience-all-clusters = All clusters
people-audience-public = Public
people-work = Organisation
people-save = Save
people-rule-title = How it works
people-rule-text = What you withdraw disappears everywhere at once, from pages and from lists. The search does not find people.
people-rule-name = Anyone who cannot see your name sees nothing of you.
people-card-title = Your card
people-card-text = A vCard with your details, for your phone or to pass on.
people-card-act = Download card
people-contacts = Contacts
people-leading = Cluster management
people-error-function = Shorten the function to 120 characters at most.
people-error-phone = Enter a telephone number in digits, such as +49 40 123456.
directory-ground-contract = Contract, such as the membership (Art. 6(1)(b) GDPR)
directory-ground-public-task = Public task (Art. 6(1)(e) GDPR)
directory-ground-legitimate-interest = Legitimate interest (Art. 6(1)(f) GDPR)
directory-ground-consent = Consent (Art. 6(1)(a) GDPR)
start-list-waiting = The list { $name } is not imported yet
start-list-since = uploaded on { $name }
start-last-import = Last import
start-last-import-undo = View or undo it
start-pairs = { $count ->
    [one] One possible pair of duplicates waits for your decision.
   *[other] { $count } possible pairs of duplicates wait for your decision.
}
start-pairs-many = { $count ->
    [one] At least one possible pair of duplicates waits for your decision.
   *[other] At least { $count } possible pairs of duplicates wait for your decision.
}
directory-filter-unknown = There is no option “{ $name }”.
directory-filter-unknown-drop = Search without it
directory-hits = { $count ->
    [one] One organisation found
   *[other] { $count } organisations found
}
directory-hits-many = { $most } or more organisations found
directory-column-size-as-of = Size, as of
directory-column-class-names = Industry, German name
directory-column-external = Identifiers
directory-people-sign-in = The list itself is for people with an account. Once signed in, you see here who shows themselves to you.
manage-error-slug-reserved = Kontor needs “neu” itself. Choose another address.
