/** Ready specs of what brokerages publish, with exact definitions. */
@NullMarked
package io.vesta.proof.brokerage;

import org.jspecify.annotations.NullMarked;
