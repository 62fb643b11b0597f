/**
 * The whole story on a synthetic brokerage and on real home sales: what a host does with Vesta,
 * from import to proof page. Start reading at {@link io.vesta.examples.quickstart.Quickstart}.
 */
@NullMarked
package io.vesta.examples.quickstart;

import org.jspecify.annotations.NullMarked;
