/**
 * Tests of the built program, {@code target/sipward/bin/sipward}, as processes in network namespaces of their own: real
 * nft, real servers, real attack tools.
 */
package org.sipward.built;
