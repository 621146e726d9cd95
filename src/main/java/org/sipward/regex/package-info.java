/**
 * Finds which of many regular expressions match some bytes, in one pass and in time linear in the number of bytes, and
 * the places of their groups.
 *
 * <p>The syntax is RE2's, as re2j reads it; each byte is one character. Unknown syntax is left to re2j, which is the
 * authority: an expression that this package accepts must mean the same to both. Knows nothing of logs.
 */
@NullMarked
package org.sipward.regex;

import org.jspecify.annotations.NullMarked;
