/** What a host may ask to publish: closed code lists, sealed measures, contributors. */
@NullMarked
package io.vesta.proof.spec;

import org.jspecify.annotations.NullMarked;
