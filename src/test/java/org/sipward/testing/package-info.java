/** Helpers for the tests of several packages. */
package org.sipward.testing;
