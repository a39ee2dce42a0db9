privacy-title = Datenschutz
privacy-lead = Auskunft und Löschung auf Verlangen, und was von selbst endet.
privacy-own-title = Meine Daten
privacy-own-lead = Das ist alles, was hier zu Ihnen gespeichert ist.
privacy-own-file = Als Datei herunterladen (JSON)
privacy-part-account = Konto
privacy-part-person = Person im Verzeichnis
privacy-part-mails = Nachrichten
privacy-part-reports = Gemeldete Barrieren
privacy-part-activity = Protokoll
privacy-col-what = Angabe
privacy-col-value = Wert
privacy-erase-title = Meine Daten löschen
privacy-erase-lead = Ihr Konto und alles, was zu Ihnen gespeichert ist, wird sofort und endgültig gelöscht.
privacy-erase-what = Gelöscht werden Name, Adressen, Freigaben, Rollen, Anmeldungen und Nachrichten. Im Protokoll bleiben Nummern ohne Namen stehen. Auch eine wieder eingespielte Sicherung bringt die Daten nicht zurück.
privacy-erase-sure = Ja, ich möchte alles löschen. Das lässt sich nicht rückgängig machen.
privacy-erase-act = Endgültig löschen
privacy-erase-somebody = Alles zu dieser Adresse löschen
privacy-error-sure = Bestätigen Sie, dass Sie alles löschen möchten.
privacy-access-title = Auskunft geben
privacy-access-lead = Gespeichert unter { $name }
privacy-access-hint = Für Menschen, die schriftlich fragen, auch ohne Konto. Die Auskunft wird im Protokoll vermerkt.
privacy-access-act = Auskunft ansehen
privacy-access-nothing = Zu dieser Adresse ist nichts gespeichert.
privacy-erased = { $count ->
    [one] Bisher wurde eine Person gelöscht.
   *[other] Bisher wurden { $count } Personen gelöscht.
}
privacy-rules-title = Was von selbst endet
privacy-rules-lead = In Tagen. Die Regeln laufen einmal am Tag.
privacy-rule-links = Abgelaufene Links und Anmeldungen
privacy-rule-invitations = Einladungen, die niemand angenommen hat
privacy-rule-mails = Verschickte und aufbewahrte Nachrichten
privacy-rule-staged = Hochgeladene Listen, über die niemand entschieden hat
privacy-rule-barriers = Beantwortete Meldungen von Barrieren
privacy-error-days = Geben Sie eine Zahl von Tagen zwischen 1 und 3.650 ein.
privacy-part-doors = Anfragen und Nachrichten an Organisationen
