//! What the window knows: a pure reducer over commands that gives effects as values.
