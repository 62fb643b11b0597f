/** A mailbox in a folder: {@link io.vesta.approval.mail.MailboxFolder}. */
@NullMarked
package io.vesta.approval.mail;

import org.jspecify.annotations.NullMarked;
