/**
 * Holds the bans in force: the only place where a ban begins or ends.
 *
 * <p>Jails, feeds and the operator send requests to this package. It declares what it needs from a firewall, a store or
 * a listener as interfaces, and does not know which classes implement them.
 */
@NullMarked
package org.sipward.ban;

import org.jspecify.annotations.NullMarked;
