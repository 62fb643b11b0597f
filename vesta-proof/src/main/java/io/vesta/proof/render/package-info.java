/** Pages and data files made from released tables and nothing else. */
@NullMarked
package io.vesta.proof.render;

import org.jspecify.annotations.NullMarked;
