package io.vesta.proof.protect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** Tables whose answers others have published; see the README beside the file. */
final class KnownAnswers {

  private KnownAnswers() {}

  static JsonNode of(String name) {
    try (InputStream in = KnownAnswers.class.getResourceAsStream("known-answers.json")) {
      return Objects.requireNonNull(new ObjectMapper().readTree(in).get(name), name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
