search-title = Suche
search-title-of = Suche nach „{ $name }“
search-label = Wonach suchen Sie?
search-go = Suchen
search-kinds = Arten von Treffern
search-all = Alle
search-group-clusters = Cluster
search-group-organisations = Organisationen
search-all-clusters = { $count ->
    [one] Das eine Cluster zeigen
   *[other] Alle { $count } Cluster zeigen
}
search-all-organisations = { $count ->
    [one] Die eine Organisation zeigen
   *[other] Alle { $count } Organisationen zeigen
}
search-hits = { $count ->
    [one] Ein Treffer für „{ $name }“
   *[other] { $count } Treffer für „{ $name }“
}
search-near = Genau so steht es nirgends. Hier steht, was dem nahekommt.
search-empty-title = Cluster und Organisationen finden
search-empty-text = Gesucht wird in Namen, Kurzbeschreibungen, Profilen, Kompetenzen, Orten und Wirtschaftszweigen. Personen werden nicht durchsucht.
search-tip-words = Mehrere Wörter grenzen die Suche ein: Wasserstoff Speicher
search-tip-phrase = Anführungszeichen suchen Wörter nebeneinander: "grüner Wasserstoff"
search-tip-without = Ein Minus schließt ein Wort aus: Logistik -Hafen
search-tip-parts = Einzahl und Mehrzahl werden gleich gefunden, und der Anfang eines Wortes genügt.
search-none-title = Nichts gefunden für „{ $name }“
search-none-text = Das können Sie versuchen:
search-none-spelling = Prüfen Sie die Schreibweise.
search-none-fewer = Nehmen Sie weniger oder allgemeinere Wörter.
search-none-sign-in = Melden Sie sich an. Manche Organisationen sehen nur Mitglieder der Cluster.
search-none-browse = Alle Organisationen durchsehen
search-none-of-kind = Von dieser Art ist nichts dabei
search-to-all = Alle Treffer zeigen
search-building-title = Die Suche wird gerade aufgebaut
search-building-text = Das dauert meist nur einige Sekunden. Laden Sie die Seite dann neu.
search-cut = Weiter reicht die Liste nicht. Nehmen Sie ein Wort dazu, um die Suche einzugrenzen.
search-pages = Seiten der Treffer
search-page-before = Vorige Seite
search-page-after = Nächste Seite
search-page-of = Seite { $page } von { $count }
search-palette-all = { $count ->
    [one] Den Treffer für „{ $name }“ auf der Suchseite zeigen
   *[other] Alle { $count } Treffer für „{ $name }“ zeigen
}
