/**
 * Makes one path look like one perpetual source of lines, rotated or truncated underneath or not; and a connection, the
 * journal or a socket likewise.
 *
 * <p>Bytes of files and of other programs go in, {@link org.sipward.source.Line}s come out, split at LF only and each a
 * window on a buffer. Nothing here knows what a line means. A place in a source is its cursor, an opaque text that the
 * caller keeps.
 */
@NullMarked
package org.sipward.source;

import org.jspecify.annotations.NullMarked;
