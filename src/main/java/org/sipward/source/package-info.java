/**
 * What a line is, and what a source of lines is.
 *
 * <p>A {@link org.sipward.source.LogSource} hands out {@link org.sipward.source.Line}s, split at LF only and each a window on a
 * buffer. Nothing here knows what a line means. A place in a source is its cursor, an opaque text that the caller keeps.
 * Files are read in {@code source.file}, everything else in {@code source.live}.
 */
@NullMarked
package org.sipward.source;

import org.jspecify.annotations.NullMarked;
