/**
 * Recognises failures and successes in the lines of a log, in time linear in the length of a line, whatever the line
 * holds.
 *
 * <p>A {@link org.sipward.source.Line} goes into the {@link org.sipward.filter.LogReader} of its log, which a
 * {@link org.sipward.filter.Filter} makes. A {@link org.sipward.filter.Match} comes out if the line says anything.
 * Nothing here counts failures, or knows an address longer than the message that names it can reach.
 */
@NullMarked
package org.sipward.filter;

import org.jspecify.annotations.NullMarked;
