search-title = Search
search-title-of = Search for “{ $name }”
search-label = What are you looking for?
search-go = Search
search-kinds = Kinds of results
search-all = All
search-group-clusters = Clusters
search-group-organisations = Organisations
search-all-clusters = { $count ->
    [one] Show the one cluster
   *[other] Show all { $count } clusters
}
search-all-organisations = { $count ->
    [one] Show the one organisation
   *[other] Show all { $count } organisations
}
search-hits = { $count ->
    [one] One result for “{ $name }”
   *[other] { $count } results for “{ $name }”
}
search-near = It is nowhere exactly as you typed it. These come close.
search-empty-title = Find clusters and organisations
search-empty-text = The search looks at names, summaries, profiles, competences, places and industries. People are not searched.
search-tip-words = Several words narrow the search: hydrogen storage
search-tip-phrase = Quotation marks find words side by side: "green hydrogen"
search-tip-without = A minus leaves a word out: logistics -port
search-tip-parts = Singular and plural are found alike, and the beginning of a word is enough.
search-none-title = Nothing found for “{ $name }”
search-none-text = You can try this:
search-none-spelling = Check the spelling.
search-none-fewer = Use fewer or more general words.
search-none-sign-in = Sign in. Some organisations are shown only to members of the clusters.
search-none-browse = Browse all organisations
search-none-of-kind = There are none of this kind
search-to-all = Show all results
search-building-title = The search is being built
search-building-text = This usually takes a few seconds. Reload the page after that.
search-cut = The list ends here. Add a word to narrow the search.
search-pages = Pages of results
search-page-before = Previous page
search-page-after = Next page
search-page-of = Page { $page } of { $count }
search-palette-all = { $count ->
    [one] Show the result for “{ $name }” on the search page
   *[other] Show all { $count } results for “{ $name }”
}
