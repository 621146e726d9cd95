/**
 * Recognises failures and successes in a line, in time linear in its length, whatever the line holds.
 *
 * <p>A {@link org.sipward.source.Line} goes in; what it says, if anything, comes out. Nothing here counts or remembers.
 */
@NullMarked
package org.sipward.filter;

import org.jspecify.annotations.NullMarked;
