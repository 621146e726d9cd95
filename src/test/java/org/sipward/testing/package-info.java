/** What tests of several packages need. */
package org.sipward.testing;
