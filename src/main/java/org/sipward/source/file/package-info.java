/**
 * Makes one path look like one perpetual source of lines, rotated or truncated underneath or not.
 *
 * <p>{@link org.sipward.source.file.FileSource} is such a path. {@link org.sipward.source.file.LogWatch} says when a look at it
 * is worth while.
 */
@NullMarked
package org.sipward.source.file;

import org.jspecify.annotations.NullMarked;
