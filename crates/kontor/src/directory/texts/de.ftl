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
directory-filter-class-hint = Beginn eines WZ-Schlüssels, zum Beispiel 30 oder 72.1
directory-filter-apply = Auswahl anwenden
directory-filter-reset = Auswahl zurücksetzen
directory-helix-title = Die vier Seiten
directory-helix-lead = Wirtschaft, Wissenschaft, Verwaltung und Zivilgesellschaft: so verteilen sich die Organisationen, die Sie sehen dürfen.
directory-helix-caption = Anzahl der Organisationen nach Seite
directory-helix-picture = Balken mit den Anteilen der vier Seiten; die Zahlen stehen in der Tabelle darunter.
directory-helix-side = Seite
directory-helix-number = Anzahl
directory-helix-business = Wirtschaft
directory-helix-science = Wissenschaft
directory-helix-policy-admin = Politik und Verwaltung
directory-helix-civil-society = Zivilgesellschaft
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
directory-people-why = Darum zeigt diese Seite niemanden, der dem nicht selbst zugestimmt hat. Jede Person entscheidet für jedes Feld einzeln, wer es sehen darf: niemand, die eigenen Cluster, alle Cluster oder alle.
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
import-field-ignored = Nicht übernehmen
import-field-mail-host = Mail-Domain

import-reason-no-name = Der Name fehlt. Tragen Sie in dieser Zeile den Namen der Organisation ein.
import-reason-too-long = Eine Zelle enthält zu viel Text. Kürzen Sie den Namen auf 300 und andere Angaben auf 2.000 Zeichen.
import-reason-same-line = Dieselbe Organisation steht schon in Zeile { $line }. Löschen Sie eine der beiden Zeilen.

import-like-identifier = hat dieselbe Kennung
import-like-name-and-place = heißt am selben Ort genauso
import-like-name = heißt an einem anderen Ort genauso
import-like-similar = heißt am selben Ort fast genauso
import-like-web-host = hat dieselbe Webadresse
import-like-mail-host = hat dieselbe Mail-Domain
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
import-columns-lead = Jede Spalte wurde an ihrer Überschrift erkannt. Was Sie hier ändern, merkt sich Kontor für die nächste Liste dieses Clusters.
import-columns-open = Spalten ansehen und ändern
import-columns-save = Spalten übernehmen
import-column-heading = Überschrift
import-column-example = Beispiel
import-column-holds = Enthält
import-column-nameless = ohne Überschrift
import-column-unknown = nicht erkannt, bleibt weg
import-preview-title = Was geschehen wird
import-group-rejected = abgelehnte Zeilen
import-group-duplicates = mögliche Dubletten; sie werden einzeln eingelesen
import-group-new = neue Organisationen
import-group-changed = Änderungen
import-group-unchanged = unverändert
import-group-absent = im Cluster, aber nicht in dieser Liste; sie bleiben Mitglied
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
import-note-unread = nicht verstanden und weggelassen: { $name }
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
