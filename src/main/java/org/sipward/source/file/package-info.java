/**
 * Makes one path look like one endless source of lines, whether or not the log is rotated or truncated.
 *
 * <p>{@link org.sipward.source.file.FileSource} is such a path. {@link org.sipward.source.file.LogWatch} says when it
 * is worth polling.
 */
@NullMarked
package org.sipward.source.file;

import org.jspecify.annotations.NullMarked;
