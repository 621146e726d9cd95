@NullMarked
package org.sipward.filter;

import org.jspecify.annotations.NullMarked;
