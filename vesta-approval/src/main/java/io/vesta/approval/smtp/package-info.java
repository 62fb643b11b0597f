/** Messages by Internet mail: {@link io.vesta.approval.smtp.SmtpChannel}. */
@NullMarked
package io.vesta.approval.smtp;

import org.jspecify.annotations.NullMarked;
