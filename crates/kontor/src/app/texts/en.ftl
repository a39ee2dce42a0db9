month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December

layout-skip = Skip to content
layout-main-navigation = Main navigation
layout-menu = Menu
layout-menu-navigation = Site menu
layout-other-language-short = DE
layout-other-language = Deutsche Fassung
layout-sign-in = Sign in
layout-sign-out = Sign out
layout-my-kontor = My Kontor
layout-account-of = Account of { $name }
layout-you-are-here = You are here
layout-search = Search
layout-search-keys = Ctrl K
layout-close = Close
layout-palette = Search
layout-palette-field = Cluster or organisation
layout-palette-hits = Suggestions
layout-palette-none = Nothing was found for this. Try a shorter or more general word.
layout-palette-failed = The suggestions do not get through right now. Enter opens the search page.
layout-palette-choose = choose
layout-palette-open = open
layout-palette-scope = You see what you may see.
layout-palette-one = One entry
layout-palette-many = {"{n}"} entries
layout-keys = Keyboard shortcuts
layout-keys-walk = next, previous entry of a list
layout-keys-on = Use shortcuts of single keys
layout-start = Home
layout-pages = Pages of the list
layout-first-page = To the start of the list
layout-next-page = Next page
layout-error-mark = Error:{" "}
layout-please-check = Please check your entries
layout-text-in-german = This text is only available in German so far.
layout-foot-purpose = Where a region's clusters work together: separate houses, one roof.
layout-foot-directory = Directory
layout-foot-legal = Legal
layout-demo-label = About this demonstration
layout-demo-title = Demonstration.
layout-demo-text = Cluster names and public institutions are real; all other organisations and all people are invented.
layout-demo-foot = These pages belong to a demonstration. It sends no mail and is kept out of search engines.

nav-clusters = Clusters
nav-organisations = Organisations
nav-people = People

flash-signed-in = You are signed in.
flash-signed-out = You are signed out.

form-mark-old = This page was open for too long. Reload it and send the form again.
form-too-large = The form is too large. Shorten your text and send it again.

home-title = The region's clusters
home-headline = { $count ->
    [0] Many clusters. One Kontor.
    [8] Eight clusters. One Kontor.
    [one] One cluster. One Kontor.
   *[other] { $count } clusters. One Kontor.
}
home-lead = Where companies, universities and public bodies meet that otherwise work in separate industries.
home-to-organisations = Find organisations
home-to-clusters = See the clusters
home-note = Most pages can be read without signing in.
home-facade-label = Drawing: a Hamburg merchant's house comes towards you like the bow of a ship. Eight windows glow in the colours of the eight clusters and are joined by lines.
home-clusters-title = { $count ->
    [8] The eight clusters
   *[other] The clusters
}
home-clusters-lead = Each cluster brings one industry together. In Kontor they open their doors to each other.

error-not-found-title = There is no such page
error-not-found-text = The address may be misspelt, or the content is not shared with you.
error-forbidden-title = This needs a right that you do not have
error-forbidden-sign-in = Sign in if you have an account.
error-forbidden-text = Your account may not do this. Ask your cluster's management if you need the right.
error-refused-title = This is not possible right now
error-too-many-title = Please wait a moment
error-too-many-text = There were too many tries in a short time. Try again in a few minutes.
error-busy-text = Very many people are working at once. Try again in a few seconds.
error-invalid-title = Please check your entries
error-broken-title = Something went wrong here
error-broken-text = It is not your fault. Try again. If it happens again, give your operator this number:
error-to-start = To the home page
error-to-organisations = Browse organisations

mine-title = My Kontor
mine-hello = Hello, { $name }
mine-roles = Your roles
mine-no-roles = Your account has no role yet.
mine-where = Where you can go on

app-accessibility-title = Accessibility
app-accessibility-lead = Kontor is meant to be usable by everyone: with a keyboard, a screen reader, large type and on a phone.
app-accessibility-goal = The aim is WCAG 2.2 at level AA for all pages, also behind sign-in. Every page is checked with axe at every change, in light and dark, at two widths.
app-accessibility-limits = A check by people with disabilities and by an independent body is still to come. Until then this page is a self-assessment.
app-privacy-title = Privacy
app-privacy-lead = Kontor stores only what its task needs.
app-privacy-cookies = What is stored on your device
app-privacy-cookie-name = Name
app-privacy-cookie-purpose = Purpose
app-privacy-cookie-duration = Duration
app-privacy-cookie-session = Keeps you signed in. It is not set unless you sign in.
app-privacy-cookie-session-duration = 30 days or until you sign out
app-privacy-keys = Remembers that you switched the keyboard shortcuts off. It does not leave your device.
app-privacy-keys-duration = until you switch them on again
app-privacy-nothing-else = Kontor stores nothing else on your device. No page calls other people's servers.
app-privacy-controller = Controller
app-privacy-controller-missing = The operator has not entered the controller yet.
app-imprint-title = Imprint
app-imprint-missing = The operator has not entered the imprint yet.
