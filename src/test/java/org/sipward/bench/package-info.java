/** Programs that {@code dist/bench} runs: what the parts of the agent cost, each alone. */
@NullMarked
package org.sipward.bench;

import org.jspecify.annotations.NullMarked;
