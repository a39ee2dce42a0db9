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
