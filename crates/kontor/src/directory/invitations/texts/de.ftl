invitations-title = Kontakte einladen
invitations-lead = Laden Sie die Ansprechpersonen Ihrer Mitgliederliste in Etappen ein. Alle erfahren dabei, was über sie gespeichert ist und woher es kommt.
invitations-clusters = Ihre Cluster
invitations-ready = Noch nicht eingeladen
invitations-invited = Eingeladen
invitations-without-mail = Ohne E-Mail-Adresse
invitations-objected = Haben widersprochen
invitations-overdue = { $count ->
    [one] Eine Person ist seit über einem Monat gespeichert und weiß nichts davon. Laden Sie sie ein oder informieren Sie sie (Art. 14 DSGVO).
   *[other] { $count } Personen sind seit über einem Monat gespeichert und wissen nichts davon. Laden Sie sie ein oder informieren Sie sie (Art. 14 DSGVO).
}
invitations-refused-controller = Es steht noch nicht fest, wer für die Daten verantwortlich ist. Das muss in jeder Nachricht an Kontakte stehen (Art. 14 DSGVO). Tragen Sie es unter „Region und Impressum“ ein, oder bitten Sie die Verwaltung darum.
invitations-ground-title = Rechtsgrundlage angeben
invitations-ground-lead = { $count ->
    [one] Zu einer Person fehlt die Angabe, auf welcher Grundlage Sie ihre Daten halten. Bis dahin schreiben wir ihr nicht.
   *[other] Zu { $count } Personen fehlt die Angabe, auf welcher Grundlage Sie ihre Daten halten. Bis dahin schreiben wir ihnen nicht.
}
invitations-ground = Rechtsgrundlage
invitations-ground-act = Für diese Personen speichern
invitations-choose = Bitte wählen
invitations-source = Herkunft der Daten
invitations-source-hint = Zum Beispiel „Mitgliedsantrag“ oder „Messe 2026“. Steht so in der Nachricht an die Personen.
invitations-error-ground = Wählen Sie die Rechtsgrundlage.
invitations-error-source = Sagen Sie, woher die Daten kommen.
invitations-stage-title = Nächste Etappe
invitations-stage-empty = Zurzeit kann niemand eingeladen werden: Entweder sind alle eingeladen, oder die Liste enthält keine Adressen.
invitations-stage-hint = Eingeladen wird nach dem Namen der Organisation. Jede Nachricht enthält die Information nach Art. 14 DSGVO und einen Link zum Widerspruch.
invitations-stage-act = Einladen
invitations-inform-act = Nur informieren
invitations-most = Höchstens
invitations-may-edit = Darf das Profil der eigenen Organisation pflegen
invitations-may-edit-hint = Das können Sie unten in der Liste der Personen wieder beenden.
invitations-people = Personen mit Konto
invitations-people-empty = Noch hat niemand aus Ihrem Cluster ein Konto.
invitations-person = Person
invitations-action = Handlung
invitations-again = Noch einmal senden
invitations-one-title = Eine Person einladen
invitations-organisation = Organisation
invitations-organisation-hint = Name einer Organisation Ihres Clusters, oder die Adresse ihrer Seite
lookup-which = Welche Organisation meinen Sie?
lookup-error-none = So heißt keine Organisation in Ihrem Cluster. Prüfen Sie die Schreibweise, oder lassen Sie das Feld leer.
lookup-error-choose = Wählen Sie unten die Organisation, die Sie meinen.
invitations-refused-open = Diese Person hat die Einladung schon angenommen.
invitations-error-objected = Diese Person hat der Nutzung ihrer Daten widersprochen und wird nicht angeschrieben.
invitations-subject = Einladung ins Kontor von { $name }
invitations-text = { $by } lädt Sie für { $organisation } ins Kontor ein. Dort arbeiten die Mitglieder von { $cluster } mit anderen Clustern zusammen.
invitations-one-text = { $by } lädt Sie ins Kontor ein. Dort arbeiten die Mitglieder von { $cluster } mit anderen Clustern zusammen.
invitations-again-text = Ihre Einladung ins Kontor von { $name } ist noch offen. Hier ist ein neuer Link.
invitations-hidden = Niemand sieht etwas von Ihnen, solange Sie es nicht selbst freigeben.
invitations-notice-subject = Ihre Daten bei { $name }
invitations-notice-data = Von Ihnen ist gespeichert: { $data }. { $cluster } hat diese Angaben eingetragen. Herkunft: { $source }.
invitations-notice-ground = Grundlage ist: { $ground }. Zweck ist die Zusammenarbeit der Cluster der Region.
invitations-notice-rights = Sie können Auskunft, Berichtigung und Löschung verlangen, der Verarbeitung widersprechen und sich bei der Datenschutzaufsicht beschweren.
invitations-notice-controller = Verantwortlich: { $name }
invitations-object = Widersprechen: Meine Daten sollen hier nicht stehen
invitations-objection-title = Widerspruch
invitations-objection-lead = { $name }: Möchten Sie, dass von Ihnen hier nichts mehr gezeigt und Ihnen nichts mehr geschickt wird?
invitations-objection-what = Ihre Angaben werden sofort gesperrt. Eine offene Einladung verfällt. Löschen lassen können Sie sie bei der Stelle, die auf der Datenschutzseite steht.
invitations-objection-act = Ja, ich widerspreche
invitations-objection-done = Ihr Widerspruch gilt. Von Ihnen wird hier nichts mehr gezeigt und Ihnen wird nichts mehr geschickt.
invitations-keeps = Darf pflegen: { $name }
invitations-end-keeping = Pflege beenden
flash-representation-ended = Diese Person darf das Profil nicht mehr pflegen.
