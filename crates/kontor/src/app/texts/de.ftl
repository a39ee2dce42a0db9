month-1 = Januar
month-2 = Februar
month-3 = März
month-4 = April
month-5 = Mai
month-6 = Juni
month-7 = Juli
month-8 = August
month-9 = September
month-10 = Oktober
month-11 = November
month-12 = Dezember

layout-skip = Zum Inhalt springen
layout-main-navigation = Hauptnavigation
layout-menu = Menü
layout-menu-navigation = Menü der Seite
layout-other-language-short = EN
layout-other-language = English version
layout-sign-in = Anmelden
layout-sign-out = Abmelden
layout-my-kontor = Mein Kontor
layout-account-of = Konto von { $name }
layout-you-are-here = Sie sind hier
layout-search = Suchen
layout-search-keys = Strg K
layout-close = Schließen
layout-palette = Suche
layout-palette-field = Cluster oder Organisation
layout-palette-hits = Vorschläge
layout-palette-none = Dazu wurde nichts gefunden. Versuchen Sie ein kürzeres oder allgemeineres Wort.
layout-palette-failed = Die Vorschläge kommen gerade nicht an. Mit Enter öffnen Sie die Suchseite.
layout-palette-choose = auswählen
layout-palette-open = öffnen
layout-palette-scope = Gezeigt wird, was Sie sehen dürfen.
layout-palette-one = Ein Eintrag
layout-palette-many = {"{n}"} Einträge
layout-keys = Tastenkürzel
layout-keys-walk = nächster, voriger Eintrag einer Liste
layout-keys-on = Kürzel aus einzelnen Tasten benutzen
layout-start = Start
layout-pages = Seiten der Liste
layout-first-page = Zum Anfang der Liste
layout-next-page = Nächste Seite
layout-error-mark = Fehler:{" "}
layout-please-check = Bitte prüfen Sie Ihre Angaben
layout-text-in-german = Dieser Text liegt noch nicht auf Englisch vor.
layout-foot-purpose = Der gemeinsame Arbeitsort der Cluster einer Region: getrennte Häuser, ein Dach.
layout-foot-directory = Verzeichnis
layout-foot-legal = Rechtliches
layout-demo-label = Hinweis zur Vorführung
layout-demo-title = Vorführung.
layout-demo-text = Clusternamen und öffentliche Einrichtungen sind echt, alle anderen Organisationen und alle Personen sind erfunden.
layout-demo-foot = Diese Seiten gehören zu einer Vorführung. Sie verschickt keine Mails und wird nicht in Suchmaschinen aufgenommen.

nav-clusters = Cluster
nav-organisations = Organisationen
nav-people = Personen

flash-signed-in = Sie sind angemeldet.
flash-signed-out = Sie sind abgemeldet.

form-mark-old = Diese Seite war zu lange offen. Laden Sie sie neu und schicken Sie das Formular noch einmal ab.
form-too-large = Das Formular ist zu groß. Kürzen Sie Ihren Text und schicken Sie es noch einmal ab.

home-title = Die Cluster der Region
home-headline = { $count ->
    [0] Viele Cluster. Ein Kontor.
    [8] Acht Cluster. Ein Kontor.
    [one] Ein Cluster. Ein Kontor.
   *[other] { $count } Cluster. Ein Kontor.
}
home-lead = Hier finden Unternehmen, Hochschulen und Verwaltung zusammen, die sonst in getrennten Branchen arbeiten.
home-to-organisations = Organisationen finden
home-to-clusters = Die Cluster ansehen
home-note = Die meisten Seiten sind ohne Anmeldung lesbar.
home-facade-label = Zeichnung: Ein Hamburger Kontorhaus läuft wie ein Schiffsbug auf Sie zu. Acht Fenster leuchten in den Farben der acht Cluster und sind durch Linien verbunden.
home-clusters-title = { $count ->
    [8] Die acht Cluster
   *[other] Die Cluster
}
home-clusters-lead = Jedes Cluster bündelt eine Branche. Im Kontor öffnen sie ihre Türen füreinander.

error-not-found-title = Diese Seite gibt es nicht
error-not-found-text = Vielleicht ist die Adresse falsch geschrieben, oder der Inhalt ist nicht für Sie freigegeben.
error-forbidden-title = Dafür brauchen Sie ein Recht, das Sie nicht haben
error-forbidden-sign-in = Melden Sie sich an, wenn Sie ein Konto haben.
error-forbidden-text = Ihr Konto darf das nicht. Fragen Sie das Management Ihres Clusters, wenn Sie das Recht brauchen.
error-refused-title = Das geht gerade nicht
error-too-many-title = Bitte warten Sie einen Moment
error-too-many-text = Es kamen zu viele Versuche in kurzer Zeit. Versuchen Sie es in einigen Minuten noch einmal.
error-busy-text = Gerade arbeiten sehr viele gleichzeitig. Versuchen Sie es in einigen Sekunden noch einmal.
error-invalid-title = Bitte prüfen Sie Ihre Angaben
error-broken-title = Hier ist etwas schiefgegangen
error-broken-text = Es liegt nicht an Ihnen. Versuchen Sie es noch einmal. Wenn es wieder geschieht, nennen Sie Ihrer Betreiberin diese Nummer:
error-to-start = Zur Startseite
error-to-organisations = Organisationen durchsehen

mine-title = Mein Kontor
mine-hello = Guten Tag, { $name }
mine-roles = Ihre Rollen
mine-no-roles = Ihr Konto hat noch keine Rolle.
mine-where = Wo Sie weitermachen können

app-accessibility-title = Barrierefreiheit
app-accessibility-lead = Kontor soll für alle benutzbar sein: mit Tastatur, Bildschirmleser, großer Schrift und auf dem Telefon.
app-accessibility-goal = Ziel ist die Norm WCAG 2.2 auf Stufe AA für alle Seiten, auch hinter der Anmeldung. Jede Seite wird bei jeder Änderung automatisch mit axe geprüft, hell und dunkel, in zwei Breiten.
app-accessibility-limits = Eine Prüfung durch Menschen mit Behinderungen und eine unabhängige Stelle steht noch aus. Solange gilt diese Seite als Selbstauskunft.
app-privacy-title = Datenschutz
app-privacy-lead = Kontor speichert nur, was für seine Aufgabe nötig ist.
app-privacy-cookies = Was auf Ihrem Gerät gespeichert wird
app-privacy-cookie-name = Name
app-privacy-cookie-purpose = Zweck
app-privacy-cookie-duration = Dauer
app-privacy-cookie-session = Hält Sie angemeldet. Ohne Anmeldung wird es nicht gesetzt.
app-privacy-cookie-session-duration = 30 Tage oder bis zur Abmeldung
app-privacy-keys = Merkt sich, dass Sie die Tastenkürzel abgeschaltet haben. Es verlässt Ihr Gerät nicht.
app-privacy-keys-duration = bis Sie sie wieder einschalten
app-privacy-nothing-else = Mehr speichert Kontor auf Ihrem Gerät nicht. Keine Seite ruft fremde Server auf.
app-privacy-controller = Verantwortlich
app-privacy-controller-missing = Die Betreiberin hat die verantwortliche Stelle noch nicht eingetragen.
app-imprint-title = Impressum
app-imprint-missing = Die Betreiberin hat das Impressum noch nicht eingetragen.
