/**
 * Asks the kernel directly, without starting a program: hears of changes of nftables, and gives pages of memory back.
 * Only the native program can call the C library; on a JVM everything here says that it is not available, and the
 * callers have another way. Uses no other package of Sipward.
 */
@NullMarked
package org.sipward.kernel;

import org.jspecify.annotations.NullMarked;
