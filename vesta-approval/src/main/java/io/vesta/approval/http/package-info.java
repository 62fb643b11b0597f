/** Messages by a provider's HTTP interface: {@link io.vesta.approval.http.HttpChannel}. */
@NullMarked
package io.vesta.approval.http;

import org.jspecify.annotations.NullMarked;
