@NullMarked
package org.sipward.fail2ban;

import org.jspecify.annotations.NullMarked;
