"""One module per format; the table that maps file names to readers stands in `corpus.formats.table`."""
