//! Collections on disk: read tolerantly, edited in place, written atomically.
