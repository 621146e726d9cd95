/**
 * Counts failures per address, and asks for a ban at {@code maxretry} failures within {@code findtime}.
 *
 * <p>Lines go in, ban requests come out. Time is the time of the lines.
 */
@NullMarked
package org.sipward.jail;

import org.jspecify.annotations.NullMarked;
