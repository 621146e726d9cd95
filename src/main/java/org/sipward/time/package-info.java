/** Tells when something is due, even if the clock is set back. Uses no other package of Sipward. */
@NullMarked
package org.sipward.time;

import org.jspecify.annotations.NullMarked;
