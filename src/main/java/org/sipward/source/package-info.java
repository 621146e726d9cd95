/**
 * Defines what a line is, and what a source of lines is.
 *
 * <p>A {@link org.sipward.source.LogSource} hands out {@link org.sipward.source.Line}s, which are split at LF only;
 * each is a window on a buffer. Nothing here knows what a line means. A place in a source is its cursor, an opaque text
 * that the caller stores. {@code source.file} reads files, {@code source.live} everything else.
 */
@NullMarked
package org.sipward.source;

import org.jspecify.annotations.NullMarked;
