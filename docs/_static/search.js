// Excerpts of the pages that a search finds are fetched, which browsers refuse where there is no server.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
