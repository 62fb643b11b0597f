package io.vesta.approval.lint;

import java.math.BigInteger;

/** Checks that tell a number of a kind from any digits. */
enum Checksum {
  /** Payment cards: ISO/IEC 7812-1, Luhn's sum. */
  LUHN {
    @Override
    boolean holds(String digits) {
      int sum = 0;
      for (int i = 0; i < digits.length(); i++) {
        int digit = digits.charAt(digits.length() - 1 - i) - '0';
        int weighted = i % 2 == 1 ? digit * 2 : digit;
        sum += weighted > 9 ? weighted - 9 : weighted;
      }
      return digits.length() >= 13 && digits.length() <= 19 && sum % 10 == 0 && sum > 0;
    }
  },
  /** US routing numbers: nine digits, weights 3, 7, 1. */
  ABA {
    @Override
    boolean holds(String digits) {
      int sum = 0;
      for (int i = 0; i < digits.length(); i++) {
        sum += (digits.charAt(i) - '0') * new int[] {3, 7, 1}[i % 3];
      }
      return digits.length() == 9 && sum % 10 == 0 && sum > 0;
    }
  },
  /** US social security numbers: areas, groups and serials that were never issued are none. */
  SSN {
    @Override
    boolean holds(String digits) {
      return digits.length() == 9
          && !digits.startsWith("000")
          && !digits.startsWith("666")
          && !digits.startsWith("9")
          && !digits.startsWith("00", 3)
          && !digits.endsWith("0000");
    }
  },
  /** International bank account numbers: ISO 13616, remainder 1 by 97. */
  IBAN {
    @Override
    boolean accepts(CharSequence matched) {
      StringBuilder plain = new StringBuilder();
      matched.chars().filter(Character::isLetterOrDigit).forEach(c -> plain.append((char) c));
      return plain.length() >= 15 && plain.length() <= 34 && holds(plain.toString());
    }

    @Override
    boolean holds(String account) {
      StringBuilder number = new StringBuilder();
      (account.substring(4) + account.substring(0, 4))
          .chars()
          .forEach(c -> number.append(Character.digit(c, 36)));
      return new BigInteger(number.toString()).mod(BigInteger.valueOf(97)).intValue() == 1;
    }
  };

  /** Whether a matched text, without what is no digit, can be such a number. */
  boolean accepts(CharSequence matched) {
    StringBuilder digits = new StringBuilder();
    matched.chars().filter(c -> c >= '0' && c <= '9').forEach(c -> digits.append((char) c));
    return holds(digits.toString());
  }

  abstract boolean holds(String digits);
}
