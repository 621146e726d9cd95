/** Points in time by a clock that somebody may set. Uses nothing of ours. */
@NullMarked
package org.sipward.time;

import org.jspecify.annotations.NullMarked;
