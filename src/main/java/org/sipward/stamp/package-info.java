/**
 * Reads the time stamps that stand in front of lines.
 *
 * <p>A {@link org.sipward.source.Line} goes in; where its stamp ends, and which instant it names, comes out. A stamp without a
 * zone or a year is read in the zone, and near the time, that the caller gives. Nothing is allocated for a stamp that is
 * usual.
 */
@NullMarked
package org.sipward.stamp;

import org.jspecify.annotations.NullMarked;
