/**
 * Reads the time stamps at the start of lines.
 *
 * <p>A {@link org.sipward.source.Line} goes in; the index at which its stamp ends, and the instant that the stamp
 * names, come out. The caller gives the zone for a stamp without a zone, and the arrival time to guess a missing year.
 * Nothing is allocated for a stamp in a usual format.
 */
@NullMarked
package org.sipward.stamp;

import org.jspecify.annotations.NullMarked;
