/**
 * Addresses and networks as immutable values that never ask the DNS.
 *
 * <p>Text goes in only as a literal, from bytes or a string; what is not exactly an address is refused. Everything else
 * in the program speaks of addresses in these types, so that {@code ::ffff:192.0.2.1} and {@code 192.0.2.1} are one
 * address everywhere.
 */
@NullMarked
package org.sipward.net;

import org.jspecify.annotations.NullMarked;
