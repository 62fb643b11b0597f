package io.vesta.core.secret;

import java.util.regex.Pattern;

/** The form of a secret's name that is a file's name too: no separator, no parent. */
final class FileName {

  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private FileName() {}

  static boolean isOne(String name) {
    return FORM.matcher(name).matches();
  }
}
