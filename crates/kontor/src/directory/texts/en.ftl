directory-clusters-title = Clusters
directory-clusters-lead = Each cluster brings one industry of the region together. Many organisations belong to several.
directory-clusters-empty-title = No cluster yet
directory-clusters-empty-text = The region's clusters will stand here as soon as the administration has added the first one.
directory-cluster-about = What it is about
directory-cluster-organisations = Who belongs
directory-cluster-empty-title = No organisation to be seen yet
directory-cluster-empty-text = This cluster's members will stand here as far as they are visible to you.
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
directory-organisations-empty-filter = There is no organisation that you may see for this selection.
directory-organisations-empty-text = Organisations will stand here as soon as a cluster has imported its member list.
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
directory-filter-class-hint = Beginning of a WZ (NACE) code, for example 30 or 72.1
directory-filter-apply = Apply selection
directory-filter-reset = Reset selection
directory-helix-title = The four sides
directory-helix-lead = Business, science, administration and civil society: how the organisations that you may see are spread.
directory-helix-caption = Number of organisations by side
directory-helix-picture = Bar with the shares of the four sides; the numbers are in the table below.
directory-helix-side = Side
directory-helix-number = Number
directory-helix-business = Business
directory-helix-science = Science
directory-helix-policy-admin = Policy and administration
directory-helix-civil-society = Civil society
directory-size-micro = fewer than 10 employees
directory-size-small = 10 to 49 employees
directory-size-medium = 50 to 249 employees
directory-size-large = 250 employees or more
directory-size-as-of = as of { $name }
directory-membership-kind = As
directory-membership-since = Since
directory-membership-until = Until
directory-membership-open = today
directory-membership-member = Member
directory-membership-partner = Partner
directory-membership-guest = Guest
directory-key-facts = Key facts
directory-founded = Founded
directory-website = Web
directory-updated = Last changed on { $name }
directory-people-title = People
directory-people-lead = Contact details belong to people, not to the directory.
directory-people-why = This page therefore shows nobody who has not agreed to it. Every person decides for every single field who may see it: nobody, their own clusters, all clusters, or everyone.
directory-people-how = If you look for somebody, go by their organisation.
directory-people-to-organisations = To the organisations
directory-column-name = Name
directory-column-summary = Summary
directory-column-address = Page in Kontor
directory-download = Download this selection:
