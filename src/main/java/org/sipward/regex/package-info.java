/**
 * Finds which of many regular expressions match some bytes, in one pass and in time linear in their number, and where in
 * them the groups lie.
 *
 * <p>The syntax is RE2's, as re2j reads it; each byte is one character. What is not understood here is left to re2j, which
 * stays the authority: an expression that this package takes must mean the same to both. Knows nothing of logs.
 */
@NullMarked
package org.sipward.regex;

import org.jspecify.annotations.NullMarked;
