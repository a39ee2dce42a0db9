history-title = Verlauf
history-title-of = Verlauf: { $name }
history-act = Verlauf ansehen
history-own-act = Mein Verlauf
history-lead-organisation = Was mit diesem Eintrag geschehen ist, das Neueste zuerst. Namen stehen hier nur, wenn die Person sie Ihnen zeigt.
history-lead-cluster = Was in diesem Cluster geschehen ist, das Neueste zuerst. Sie sehen nur, was Sie auch sonst sehen dürfen.
history-lead-own = Was mit Ihrem Profil und Ihrem Konto geschehen ist, das Neueste zuerst. Diese Seite sehen nur Sie.
history-empty-title = Noch nichts geschehen
history-empty-text = Hier steht, was sich ändert, sobald jemand etwas ändert.
history-newest = Zum Neuesten
history-older = Älteres
history-before = vorher
history-after = jetzt
history-from-list = aus
history-a-list = einer Mitgliederliste
history-by = durch { $name }
history-by-for = durch { $name } für { $body }
history-by-itself = durch { $name } für die Organisation selbst
history-by-you = Sie
history-by-somebody = eine angemeldete Person
history-by-system = das System
history-uploaded = Datei hochgeladen
history-organisation-created = Eintrag angelegt
history-organisation-changed = Angaben geändert
history-logo-set = Logo hochgeladen
history-logo-removed = Logo entfernt
history-joined = Mitglied geworden
history-membership-changed = Art oder Beginn der Mitgliedschaft geändert
history-left = Mitgliedschaft beendet
history-resumed = Ende der Mitgliedschaft zurückgenommen
history-join-withdrawn = Beitritt mit dem Import zurückgenommen
history-merged = Doppelter Eintrag zusammengeführt
history-merge-undone = Zusammenführung rückgängig gemacht
history-merge-proposed = Zusammenführung vorgeschlagen mit
history-merge-withdrawn = Vorschlag zurückgezogen, zusammenzuführen mit
history-apart-taken-back = Nicht mehr als verschieden festgehalten von
history-kept-apart = Als verschieden festgehalten von
history-request-approved = Anfrage von außen angenommen
history-person-joined = Neu in der Organisation
history-role-granted = Rolle „{ $role }“ erhalten
history-role-ended = Rolle „{ $role }“ beendet
history-roles-granted = { $count ->
    [one] Rolle einer Person begonnen
   *[other] Rollen von { $number } Personen begonnen
}
history-roles-ended = { $count ->
    [one] Rolle einer Person beendet
   *[other] Rollen von { $number } Personen beendet
}
history-cluster-created = Cluster angelegt
history-cluster-changed = Angaben zum Cluster geändert
history-ground-given = Rechtsgrundlage für Kontakte nachgetragen ({ $ground })
history-merge-agreement = { $agrees ->
    [yes] Zusammenführen bei gleicher Registernummer erlaubt
   *[other] Zusammenführen bei gleicher Registernummer nicht mehr erlaubt
}
history-member-joined = Neu im Cluster
history-members-joined = { $count ->
    [one] Eine Organisation neu im Cluster
   *[other] { $number } Organisationen neu im Cluster
}
history-member-changed = Art oder Beginn der Mitgliedschaft geändert
history-member-left = Mitgliedschaft beendet
history-members-left = { $count ->
    [one] Eine Mitgliedschaft beendet
   *[other] { $number } Mitgliedschaften beendet
}
history-member-resumed = Ende der Mitgliedschaft zurückgenommen
history-members-resumed = { $count ->
    [one] Das Ende einer Mitgliedschaft zurückgenommen
   *[other] Das Ende von { $number } Mitgliedschaften zurückgenommen
}
history-member-withdrawn = Beitritt mit dem Import zurückgenommen
history-members-withdrawn = { $count ->
    [one] Einen Beitritt mit dem Import zurückgenommen
   *[other] { $number } Beitritte mit dem Import zurückgenommen
}
history-member-merged = { $named ->
    [yes] Doppelter Eintrag „{ $other }“ gehört jetzt zu
   *[other] Doppelter Eintrag zusammengeführt
}
history-member-merge-undone = { $named ->
    [yes] Zusammenführung mit „{ $other }“ rückgängig gemacht
   *[other] Zusammenführung rückgängig gemacht
}
history-import-applied = Mitgliederliste eingelesen
history-import-undone = Import rückgängig gemacht
history-person-created = Profil angelegt
history-person-changed = Profil gespeichert
history-publication-changed = Sichtbarkeit von „{ $field }“: { $audience }
history-works-for = Gehört jetzt zu
history-employment-asked = Wartet auf das Ja von
history-employment-withdrawn = Hat die Angabe zur Organisation zurückgezogen
history-employment-declined = Nicht bestätigt von
history-works-no-more = Gehört nicht mehr zur bisherigen Organisation
history-informed = Über die gespeicherten Daten unterrichtet
history-contact-invited = Einladung durch ein Cluster
history-offer-accepted = Einladung eines Clusters angenommen
history-offer-declined = Einladung eines Clusters abgelehnt
history-objected = Widerspruch eingelegt
history-account-created = Konto angelegt
history-invited = Einladung verschickt
history-invitation-accepted = Einladung angenommen
history-invitation-withdrawn = Einladung zurückgenommen
history-own-role-granted = Rolle „{ $role }“ erhalten
history-own-role-ended = Rolle „{ $role }“ beendet
history-signed-in = Angemeldet
history-sessions-ended = Andere Sitzungen beendet
history-password-set = Passwort geändert
history-address-changed = E-Mail-Adresse geändert
history-account-changed = Konto-Einstellungen geändert
history-account-locked = Konto gesperrt
history-account-unlocked = Konto entsperrt
