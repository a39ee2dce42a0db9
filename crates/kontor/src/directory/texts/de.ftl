directory-clusters-title = Cluster
directory-clusters-lead = Jedes Cluster bündelt eine Branche der Region. Viele Organisationen gehören zu mehreren.
directory-clusters-empty-title = Noch kein Cluster
directory-clusters-empty-text = Hier stehen die Cluster der Region, sobald die Verwaltung das erste angelegt hat.
directory-cluster-about = Worum es geht
directory-cluster-organisations = Wer dazugehört
directory-cluster-empty-title = Noch keine Organisation zu sehen
directory-cluster-empty-text = Hier stehen die Mitglieder dieses Clusters, soweit sie für Sie sichtbar sind.
directory-organisations-title = Organisationen
directory-organisations-lead = Unternehmen, Wissenschaft, Verwaltung und Zivilgesellschaft der Region in einem Verzeichnis.
directory-organisations-list = Liste der Organisationen
directory-organisations-count = { $count ->
    [0] noch keine Organisation
    [one] eine Organisation
   *[other] { $count } Organisationen
}
directory-organisations-all = { $count ->
    [one] Die eine Organisation
   *[other] Alle { $count } Organisationen
}
directory-organisations-empty-title = Keine Organisation gefunden
directory-organisations-empty-filter = Zu dieser Auswahl gibt es keine Organisation, die Sie sehen dürfen.
directory-organisations-empty-text = Hier stehen Organisationen, sobald ein Cluster seine Mitgliederliste eingelesen hat.
directory-organisation-about = Was wir können
directory-organisation-no-profile = Diese Organisation hat noch kein Profil geschrieben.
directory-organisation-memberships = Mitgliedschaften
directory-organisation-hidden = Diese Seite ist nicht öffentlich.
directory-filter-title = Auswahl
directory-filter-all = Alle
directory-filter-cluster = Cluster
directory-filter-side = Art
directory-filter-size = Größe
directory-filter-place = Ort
directory-filter-competence = Kompetenz
directory-filter-class = Wirtschaftszweig
directory-filter-apply = Auswahl anwenden
directory-filter-reset = Auswahl zurücksetzen
directory-filter-held = { $count ->
    [one] (eine gesetzt)
   *[other] ({ $count } gesetzt)
}
directory-filter-held-label = Gesetzte Auswahl
directory-filter-unset = aufheben
directory-organisations-total = { $count ->
    [one] Eine Organisation
   *[other] { $count } Organisationen
}
directory-helix-title = Die vier Seiten
directory-helix-lead = Wirtschaft, Wissenschaft, Verwaltung und Zivilgesellschaft: so verteilen sich die Organisationen, die Sie sehen dürfen.
directory-helix-caption = Anzahl der Organisationen nach Helix-Seite
directory-helix-picture = Balken mit den Anteilen der vier Seiten; die Zahlen stehen in der Tabelle darunter.
directory-helix-side = Helix-Seite
directory-helix-number = Anzahl
directory-helix-business = Wirtschaft
directory-helix-science = Wissenschaft
directory-helix-policy-admin = Politik und Verwaltung
directory-helix-civil-society = Zivilgesellschaft
directory-helix-unassigned = Noch nicht zugeordnet
directory-size-micro = unter 10 Beschäftigte
directory-size-small = 10 bis 49 Beschäftigte
directory-size-medium = 50 bis 249 Beschäftigte
directory-size-large = ab 250 Beschäftigte
directory-size-as-of = Stand { $name }
directory-membership-kind = Als
directory-membership-since = Seit
directory-membership-until = Bis
directory-membership-open = heute
directory-membership-member = Mitglied
directory-membership-partner = Partner
directory-membership-guest = Gast
directory-key-facts = Eckdaten
directory-founded = Gegründet
directory-website = Web
directory-updated = Zuletzt geändert am { $name }
directory-people-title = Personen
directory-people-lead = Kontaktdaten gehören den Menschen, nicht dem Verzeichnis.
directory-people-why = Darum steht hier keine Liste für alle. Jede Person entscheidet für jedes Feld einzeln, wer es sehen darf: niemand, die eigenen Cluster, alle Cluster oder alle. Wer sich öffentlich zeigt, steht auf der Seite der eigenen Organisation und, wer ein Cluster leitet, auf dessen Seite.
directory-people-how = Wenn Sie jemanden suchen, gehen Sie über die Organisation.
directory-people-to-organisations = Zu den Organisationen
directory-column-name = Name
directory-column-summary = Kurzbeschreibung
directory-column-address = Seite im Kontor
directory-download = Diese Auswahl herunterladen:

sheets-trouble-empty = Die Datei ist leer. Speichern Sie die Liste noch einmal und wählen Sie dann diese Datei.
sheets-trouble-too-large = Die Datei ist zu groß. Teilen Sie die Liste, oder entfernen Sie Bilder und weitere Blätter.
sheets-trouble-too-many-rows = Die Liste hat mehr als 100.000 Zeilen. Teilen Sie sie in mehrere Dateien.
sheets-trouble-too-many-columns = Die Liste hat mehr als 200 Spalten. Löschen Sie die Spalten, die nicht gebraucht werden.
sheets-trouble-password-protected = Die Datei ist mit einem Passwort geschützt. Speichern Sie sie ohne Passwort und wählen Sie sie noch einmal.
sheets-trouble-truncated = Die Datei bricht mittendrin ab. Laden Sie sie neu herunter oder speichern Sie sie noch einmal.
sheets-trouble-binary = In der Datei steht keine Liste. Wählen Sie eine Tabelle als CSV, XLSX, XLS oder ODS.
sheets-trouble-wrong-extension = Die Datei enthält etwas anderes, als ihr Name sagt. Öffnen Sie sie im Ursprungsprogramm und speichern Sie die Liste als CSV oder XLSX.
sheets-trouble-no-header = Es wurde keine Zeile mit Überschriften gefunden. Schreiben Sie über jede Spalte, was darin steht, zum Beispiel Firma und Ort.
sheets-trouble-no-such-sheet = Dieses Blatt gibt es in der Datei nicht. Prüfen Sie seinen Namen.
sheets-trouble-unreadable = Die Datei ist beschädigt. Öffnen Sie sie in Ihrer Tabellenkalkulation und speichern Sie sie neu.

import-field-name = Name der Organisation
import-field-street = Straße
import-field-postcode = Postleitzahl
import-field-city = Ort
import-field-region = Region
import-field-country = Land
import-field-website = Website
import-field-summary = Kurzbeschreibung
import-field-founded = Gründungsjahr
import-field-employees = Zahl der Beschäftigten
import-field-size = Größenklasse
import-field-side = Art der Organisation
import-field-classes = Wirtschaftszweig (WZ)
import-field-competences = Kompetenzen
import-field-register-number = Registernummer
import-field-status = Zustand
import-field-membership-kind = Art der Mitgliedschaft
import-field-member-since = Mitglied seit
import-field-member-number = Mitgliedsnummer
import-field-ror = ROR-Kennung
import-field-pic = PIC-Nummer
import-field-vat = Umsatzsteuer-Nummer
import-field-lei = LEI
import-field-isni = ISNI
import-field-wikidata = Wikidata-Kennung
import-field-contact-name = Ansprechperson
import-field-contact-title = Titel der Ansprechperson
import-field-contact-first = Vorname der Ansprechperson
import-field-contact-last = Nachname der Ansprechperson
import-field-contact-function = Funktion der Ansprechperson
import-field-contact-mail = E-Mail
import-field-contact-phone = Telefon
import-field-second-name = Zweite Ansprechperson
import-field-second-function = Funktion der zweiten Ansprechperson
import-field-second-mail = E-Mail der zweiten Ansprechperson
import-field-second-phone = Telefon der zweiten Ansprechperson
import-field-ignored = Nicht übernehmen
import-field-mail-host = E-Mail-Endung (nach dem @)

import-reason-no-name = Der Name fehlt. Tragen Sie in dieser Zeile den Namen der Organisation ein.
import-reason-too-long = Eine Zelle enthält zu viel Text. Kürzen Sie den Namen auf 300 und andere Angaben auf 2.000 Zeichen.
import-reason-same-line = Dieselbe Organisation steht schon in Zeile { $line }. Löschen Sie eine der beiden Zeilen.

import-like-identifier = hat dieselbe Kennung
import-like-name-and-place = heißt am selben Ort genauso
import-like-name = heißt an einem anderen Ort genauso
import-like-former-name = hat mit ihr einen früheren Namen gemeinsam
import-like-similar = heißt am selben Ort fast genauso
import-like-web-host = hat dieselbe Webadresse
import-like-mail-host = hat dieselbe E-Mail-Endung (nach dem @)
import-like-hidden = mögliche Übereinstimmung in einem anderen Cluster; fragen Sie dessen Management

import-refused-not-staged = Dieser Import ist schon erledigt. Laden Sie die Seite neu.
import-refused-not-applied = Dieser Import lässt sich nicht rückgängig machen, denn er ist nicht mehr wirksam. Laden Sie die Seite neu.
import-refused-blocked = Dieser Import lässt sich nicht mehr rückgängig machen, weil sich seitdem etwas an den Organisationen geändert hat. Die Seite des Imports nennt sie.

import-state-staged = wartet auf Ihre Entscheidung
import-state-applied = eingelesen
import-state-undone = rückgängig gemacht
import-state-cancelled = verworfen

import-title = Mitgliederliste einlesen
import-lead = Laden Sie die Liste Ihres Clusters hoch, wie sie ist. Sie sehen zuerst, was sich ändern würde. Erst danach entscheiden Sie.
import-file = Datei
import-file-hint = Tabelle als CSV, XLSX, XLS oder ODS, höchstens 20 MB
import-upload = Liste prüfen
import-columns-title = Spalten
import-columns-all = Jede Spalte wurde an ihrer Überschrift erkannt.
import-columns-some = { $taken ->
    [one] 1 von { $all } Spalten wird übernommen
   *[other] { $taken } von { $all } Spalten werden übernommen
  }: { $known } an der Überschrift erkannt, { $chosen } von Hand zugeordnet. { $left ->
    [0] Keine bleibt weg.
    [one] 1 bleibt weg.
   *[other] { $left } bleiben weg.
  }
import-columns-clash = „{ $second }“ und „{ $first }“ haben dieselbe Bedeutung: { $meaning }. Wählen Sie sie nur für eine der beiden Spalten.
import-columns-lead = Was Sie hier ändern, merkt sich Kontor für die nächste Liste dieses Clusters.
import-columns-open = Spalten ansehen und ändern
import-columns-save = Spalten übernehmen
import-column-heading = Überschrift
import-column-example = Beispiel
import-column-holds = Enthält
import-column-nameless = ohne Überschrift
import-column-unknown = nicht erkannt, bleibt weg
import-preview-title = Was geschehen wird
import-group-rejected = { $count ->
    [one] abgelehnte Zeile
   *[other] abgelehnte Zeilen
}
import-group-duplicates = { $count ->
    [one] mögliche Dublette; sie wird einzeln eingelesen
   *[other] mögliche Dubletten; sie werden einzeln eingelesen
}
import-group-new = { $count ->
    [one] neue Organisation
   *[other] neue Organisationen
}
import-group-changed = { $count ->
    [one] Änderung
   *[other] Änderungen
}
import-group-unchanged = unverändert
import-first-rows = Gezeigt werden die ersten 200 Zeilen.
import-line = Zeile
import-what = Was geschieht
import-count-new = { $count } neu
import-count-changed = { $count } geändert
import-count-unchanged = { $count } unverändert
import-count-absent = { $count } nicht in der Liste
import-count-duplicates = { $count ->
    [one] eine mögliche Dublette
   *[other] { $count } mögliche Dubletten
}
import-count-rejected = { $count } abgelehnt
import-note-change = { $name }: { $before } → { $after }
import-note-kept = { $name } bleibt { $before }; in der Liste steht { $after }
import-note-added = kommt hinzu: { $name }
import-note-joins = wird Mitglied dieses Clusters
import-note-person = Ansprechperson { $name } kommt hinzu, für niemanden sichtbar
import-note-unread = nicht verstanden und weggelassen: { $name } „{ $cell }“
import-note-twin-line = Zeile { $line }, { $name } { $why }
import-none = leer
import-word-active = aktiv
import-word-inactive = inaktiv
import-decide-title = Entscheiden
import-skip-rejected = { $count ->
    [one] Die abgelehnte Zeile auslassen und alle anderen einlesen
   *[other] Die { $count } abgelehnten Zeilen auslassen und alle anderen einlesen
}
import-apply = Liste einlesen
import-discard = Verwerfen
import-nothing = Diese Liste ändert nichts: Alles steht schon so im Verzeichnis.
import-result-title = Ergebnis
import-applied-at = Eingelesen am { $name }
import-undone-at = Rückgängig gemacht am { $name }
import-undo-lead = Sie können den ganzen Import rückgängig machen, solange sich an diesen Organisationen nichts anderes geändert hat.
import-undo = Import rückgängig machen
import-undo-blocked = Dieser Import lässt sich nicht mehr rückgängig machen. An diesen Organisationen hat sich seitdem etwas geändert:
import-list-title = Importe
import-list-when = Hochgeladen
import-list-lines = Zeilen
import-list-empty-title = Noch kein Import
import-list-empty-text = Hier stehen die Mitgliederlisten, die Sie eingelesen haben. Jeden Import können Sie als Ganzes rückgängig machen.
import-refused-no-file = Wählen Sie eine Datei mit der Mitgliederliste.
import-refused-no-name-column = Keine Spalte wurde als Name der Organisation erkannt. Wählen Sie bei der richtigen Spalte „Name der Organisation“.
import-refused-field-twice = Zwei Spalten haben dieselbe Bedeutung. Wählen Sie jede nur einmal.
import-refused-rejected = Einige Zeilen sind abgelehnt, darum wurde nichts eingelesen. Verbessern Sie die Datei, oder setzen Sie den Haken, um diese Zeilen auszulassen.

flash-import-applied = Die Liste ist eingelesen.
flash-import-undone = Der Import ist rückgängig gemacht.
flash-import-discarded = Die Liste ist verworfen. Es wurde nichts geändert.
directory-visibility-public = Öffentlich
directory-visibility-all-clusters = Alle Cluster
directory-visibility-cluster = Nur dieses Cluster
manage-list-title = Cluster pflegen
manage-list-empty = Hier ist noch kein Cluster.
manage-new-title = Neues Cluster
manage-new-act = Cluster anlegen
manage-see = Seite ansehen
manage-edit = Seite bearbeiten
manage-field-name = Name
manage-field-code = Kürzel
manage-field-code-hint = Zwei bis vier Buchstaben oder Ziffern. Es steht neben dem Namen des Clusters.
manage-field-slug = Adresse
manage-field-slug-hint = Das Ende der Webadresse, zum Beispiel „hafen-logistik“. Leer: aus dem Namen. Eine frühere Adresse leitet weiter.
manage-field-purpose-de = Zweck auf Deutsch
manage-field-purpose-en = Zweck auf Englisch
manage-field-purpose-hint = Ein Satz: Wofür gibt es dieses Cluster?
manage-field-about-de = Beschreibung auf Deutsch
manage-field-about-en = Beschreibung auf Englisch
manage-field-themes-de = Themen auf Deutsch
manage-field-themes-en = Themen auf Englisch
manage-field-themes-hint = Mit Kommas getrennt
manage-field-website = Website
manage-field-founded = Gegründet (Jahr)
manage-field-visibility = Neue Organisationen sieht zunächst
manage-field-own = Ich leite dieses Cluster
manage-field-own-hint = Sie können dann selbst die Mitgliederliste einlesen.
manage-error-name = Geben Sie einen Namen ein.
manage-error-slug = Geben Sie eine Adresse aus Buchstaben, Ziffern und Strichen ein.
manage-error-slug-taken = Diese Adresse hat schon ein anderes Cluster. Wählen Sie eine andere.
manage-error-code = Geben Sie ein Kürzel aus zwei bis vier Buchstaben oder Ziffern ein.
manage-error-code-taken = Dieses Kürzel hat schon ein anderes Cluster. Wählen Sie ein anderes.
manage-error-purpose = Sagen Sie in einem Satz, wofür es das Cluster gibt.
manage-error-website = Geben Sie eine Webadresse ein, zum Beispiel www.ihre-organisation.de.
manage-error-founded = Geben Sie ein Jahr mit vier Ziffern ein, das nicht in der Zukunft liegt.
roles-title = Konten und Rollen
roles-list = Konten
roles-search = Name oder Adresse
roles-search-act = Suchen
roles-list-empty = Kein Konto passt dazu.
roles-col-account = Konto
roles-col-state = Stand
roles-col-last = Letzte Anmeldung
roles-never = noch nie
roles-state-invited = eingeladen
roles-state-active = aktiv
roles-state-locked = gesperrt
roles-state-closed = geschlossen
roles-invite-title = Jemanden einladen
roles-invite-act = Einladung senden
roles-field-name = Name
roles-field-role = Rolle
roles-field-cluster = Gilt für
roles-field-cluster-hint = Clustermanagement braucht ein Cluster, andere Rollen können für die ganze Region gelten.
roles-field-lang = Sprache der Einladung
roles-error-cluster = Wählen Sie das Cluster, für das die Rolle gilt.
roles-error-regional = Diese Rolle gilt immer für die ganze Region. Wählen Sie kein Cluster.
roles-field-until = Befristet bis
roles-field-until-hint = Der letzte Tag der Rolle. Danach endet sie von selbst. Eine Prüfung braucht ihn.
roles-error-until = Geben Sie einen Tag ein, der heute oder später ist, zum Beispiel 31.03.2027.
roles-error-unlimited = Das Konto hat diese Rolle ohne Ende. Beenden Sie sie zuerst.
roles-any = Alle Rollen
roles-no-role = keine
roles-error-auditor = Die Prüfung gibt es nur für einen Zeitraum. Geben Sie unter „Befristet bis“ ihren letzten Tag an.
roles-region = Ganze Region
roles-since = Angelegt
roles-roles = Rollen
roles-none = Dieses Konto hat keine Rolle.
roles-from = ab { $name }
roles-until = beendet am { $name }
roles-last = befristet bis { $name }
roles-end-act = Beenden
roles-lock-act = Konto sperren
roles-unlock-act = Konto wieder öffnen
roles-grant-title = Rolle geben
roles-grant-act = Rolle geben
roles-invitation-subject = Einladung ins Kontor
roles-invitation-text = { $by } lädt Sie ins Kontor ein. Ihre Rolle: { $role }.
roles-invitation-place = Sie gilt für { $name }.
people-list-lead = Sie sehen, wer sich Ihnen zeigen möchte, und davon nur, was die Person freigegeben hat.
people-search = Name
people-search-act = Suchen
people-search-reset = Suche zurücksetzen
people-list-empty-title = Hier ist niemand zu sehen
people-list-empty-text = Entweder passt kein Name, oder noch niemand hat sich für Sie freigegeben.
people-to-profile = Was andere von Ihnen sehen, bestimmen Sie in Ihrem Profil.
people-profile-title = Profil
people-profile-lead = Was andere von Ihnen sehen dürfen.
people-first-title = Was dürfen andere von Ihnen sehen?
people-first-lead = Wir fragen das einmal. Zurzeit sieht niemand etwas von Ihnen. Sie können jede Angabe später ändern.
people-field-name = Name
people-field-function = Funktion
people-field-mail = E-Mail-Adresse für Kontakte
people-field-phone = Telefon
people-who-sees = Wer darf das sehen: { $name }
people-audience-nobody = Niemand
people-audience-clusters = Meine Cluster
people-audience-all-clusters = Alle Cluster
people-audience-public = Öffentlich
people-work = Organisation
people-save = Speichern
people-rule-title = So gilt es
people-rule-text = Was Sie zurücknehmen, ist sofort überall verschwunden, auf Seiten und in Listen. Die Suche findet keine Personen.
people-rule-name = Wer Ihren Namen nicht sieht, sieht nichts von Ihnen.
people-card-title = Ihre Karte
people-card-text = Eine vCard mit Ihren Angaben, für Ihr Telefon oder zum Weitergeben.
people-card-act = Karte herunterladen
people-contacts = Ansprechpersonen
people-leading = Clustermanagement
people-error-function = Kürzen Sie die Funktion auf höchstens 120 Zeichen.
people-error-phone = Geben Sie eine Telefonnummer aus Ziffern ein, zum Beispiel +49 40 123456.
directory-ground-contract = Vertrag, zum Beispiel die Mitgliedschaft (Art. 6 Abs. 1 b DSGVO)
directory-ground-public-task = Öffentliche Aufgabe (Art. 6 Abs. 1 e DSGVO)
directory-ground-legitimate-interest = Berechtigtes Interesse (Art. 6 Abs. 1 f DSGVO)
directory-ground-consent = Einwilligung (Art. 6 Abs. 1 a DSGVO)
start-list-waiting = Die Liste { $name } ist noch nicht eingelesen
start-list-since = hochgeladen am { $name }
start-last-import = Letzter Import
start-last-import-undo = Ansehen oder rückgängig machen
start-pairs = { $count ->
    [one] Ein mögliches Paar von Dubletten wartet auf Ihre Entscheidung.
   *[other] { $count } mögliche Paare von Dubletten warten auf Ihre Entscheidung.
}
start-pairs-many = { $count ->
    [one] Mindestens ein mögliches Paar von Dubletten wartet auf Ihre Entscheidung.
   *[other] Mindestens { $count } mögliche Paare von Dubletten warten auf Ihre Entscheidung.
}
directory-filter-unknown = Die Auswahl „{ $name }“ gibt es nicht.
directory-filter-unknown-drop = Ohne sie suchen
directory-hits = { $count ->
    [one] Eine Organisation gefunden
   *[other] { $count } Organisationen gefunden
}
directory-hits-many = { $most } Organisationen und mehr gefunden
directory-column-size-as-of = Größe, Stand
directory-column-class-names = Wirtschaftszweig, Bezeichnung
directory-column-external = Kennungen
directory-people-sign-in = Die Liste selbst ist für Menschen mit einem Konto. Nach dem Anmelden sehen Sie hier, wer sich Ihnen zeigt.
manage-error-slug-reserved = „neu“ braucht Kontor selbst. Wählen Sie eine andere Adresse.
