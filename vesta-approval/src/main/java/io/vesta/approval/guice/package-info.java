/** The Guice module of vesta-approval. */
@NullMarked
package io.vesta.approval.guice;

import org.jspecify.annotations.NullMarked;
