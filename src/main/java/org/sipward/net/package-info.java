/**
 * Addresses and networks as immutable values that never ask the DNS.
 *
 * <p>Addresses are parsed from literals only, in bytes or a string; any other text is refused. The whole program uses
 * these types, so that {@code ::ffff:192.0.2.1} and {@code 192.0.2.1} are the same address everywhere.
 */
@NullMarked
package org.sipward.net;

import org.jspecify.annotations.NullMarked;
