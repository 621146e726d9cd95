/**
 * Reads a fail2ban set-up and says it in our words.
 *
 * <p>The files of a folder such as {@code /etc/fail2ban} go in; filters, jails and a list of what could not be turned come
 * out, as text. Nothing of the folder is run, no log is opened, no DNS is asked.
 *
 * <p>{@link org.sipward.fail2ban.Settings} knows how fail2ban puts its files together, {@link
 * org.sipward.fail2ban.Definition} how it fills in a filter's options. A pattern is parsed into {@link
 * org.sipward.fail2ban.RegexNode}s, freed of what RE2 does not know, and printed again.
 */
@NullMarked
package org.sipward.fail2ban;

import org.jspecify.annotations.NullMarked;
