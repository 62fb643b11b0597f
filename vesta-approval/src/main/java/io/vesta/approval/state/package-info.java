/** The life of a draft as one pure function: states, events, guards and what may follow what. */
@NullMarked
package io.vesta.approval.state;

import org.jspecify.annotations.NullMarked;
