/** How an envelope becomes a mail; not for hosts. */
@NullMarked
package io.vesta.approval.mail.internal;

import org.jspecify.annotations.NullMarked;
