consents-title = Einwilligungen
consents-lead = Wozu Sie Ja gesagt haben, wann, und mit welchen Worten.
consents-none = Hier steht noch keine Einwilligung. Ihr Profil fragt danach.
consents-given-at = Gegeben am { $name }
consents-withdrawn-at = Zurückgenommen am { $name }
consents-open = gilt
consents-over = zurückgenommen
consents-version = Der Text, dem Sie zugestimmt haben (Fassung { $count })
consents-withdraw = Zurücknehmen
consents-text-title = Worin Sie einwilligen
consents-error-text = Der Text der Einwilligung hat sich geändert. Lesen Sie ihn noch einmal und speichern Sie dann.
consents-publication-words =
    Sie entscheiden für jede Angabe, wer sie sehen darf. Mit „Speichern“ willigen Sie ein, dass dieses Kontor eine Angabe denen zeigt, die Sie dafür ausgewählt haben.

    „Meine Cluster“ sind alle, die in einem Ihrer Cluster mitarbeiten. „Alle Cluster“ sind alle, die in diesem Kontor mitarbeiten. „Öffentlich“ sind alle im Internet, auch Suchmaschinen.

    Das ist freiwillig. Wenn Sie „Niemand“ wählen, haben Sie keinen Nachteil. Sie können die Einwilligung jederzeit zurücknehmen, hier oder unter „Meine Daten“. Was bis dahin gezeigt wurde, war erlaubt. Daten, die auf einer anderen Grundlage gespeichert sind, zum Beispiel Ihr Konto, bleiben dabei bestehen.
consents-basis-consent = Einwilligung (Art. 6 Abs. 1 Buchst. a DSGVO)
consents-basis-contract = Nutzung auf Ihren Wunsch (Art. 6 Abs. 1 Buchst. b DSGVO)
consents-basis-obligation = Gesetzliche Pflicht (Art. 6 Abs. 1 Buchst. c DSGVO)
consents-basis-interest = Berechtigtes Interesse am sicheren Betrieb und an der Zusammenarbeit (Art. 6 Abs. 1 Buchst. f DSGVO)
consents-basis-list = Die Grundlage, die das Cluster bei der Liste angegeben hat. Sie steht in der Nachricht an Sie.
consents-place-first = bei der ersten Anmeldung
consents-place-profile = im eigenen Profil
consents-place-own = unter „Meine Daten“
consents-place-elsewhere = nicht auf einer eigenen Seite
consents-account = Konto und Anmeldung
consents-account-data = Name, E-Mail-Adresse, Rollen und Anmeldungen. Ohne sie können Sie sich nicht anmelden.
consents-account-ends = Bis Sie Ihr Konto löschen. Einladungen, die niemand annimmt, enden von selbst.
consents-publication = Anzeigen Ihrer Kontaktdaten
consents-publication-data = Name, Funktion, E-Mail-Adresse und Telefon, jeweils nur für die, denen Sie sie zeigen.
consents-publication-ends = Bis Sie es zurücknehmen.
consents-contacts = Ansprechpersonen aus Mitgliederlisten
consents-contacts-data = Name, Funktion, E-Mail-Adresse und Telefon, wie das Cluster sie eingetragen hat. Nur dessen Management sieht sie.
consents-contacts-ends = Bis das Cluster seine Liste zurücknimmt oder Sie die Löschung verlangen. Nach einem Widerspruch sind sie gesperrt.
consents-requests = Anfragen: Mitglied werden, eine Seite übernehmen
consents-requests-data = Name, E-Mail-Adresse, Funktion und Nachricht. Das zuständige Clustermanagement liest sie.
consents-requests-ends = Abgelehnte 30 Tage, angenommene { $count } Tage nach der Entscheidung.
consents-messages = Nachrichten an Organisationen
consents-messages-data = Name, E-Mail-Adresse und Text. Wir leiten sie an die Organisation weiter.
consents-messages-ends = Der Text, bis er zugestellt ist, der Rest 14 Tage, nach einer Meldung bis sie erledigt ist. Wer gesperrt wurde, bleibt als Prüfsumme ohne Namen stehen.
consents-mails = Verschickte E-Mails
consents-mails-data = Adresse, Betreff und Text dessen, was das Kontor Ihnen schreibt.
consents-days-ends = { $count } Tage.
consents-barriers = Meldungen von Barrieren
consents-barriers-data = Ihre Nachricht und, wenn Sie sie angeben, Ihre E-Mail-Adresse. Die Administration beantwortet sie.
consents-barriers-ends = { $count } Tage nach der Antwort.
consents-security = Sicherheit und Nachvollziehbarkeit
consents-security-data = Wer wann was geändert hat, als Nummern ohne Namen; Anmeldeversuche als Prüfsummen.
consents-security-ends = Links und Anmeldungen { $count } Tage nach ihrem Ende. Das Protokoll bleibt.
flash-consent-withdrawn = Zurückgenommen. Das ist ab sofort für niemanden mehr zu sehen.
