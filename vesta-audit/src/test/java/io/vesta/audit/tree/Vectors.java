package io.vesta.audit.tree;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/** Other projects' test vectors, which lie outside the repository. */
public final class Vectors {

  private Vectors() {}

  /** A file or directory of vectors; without them the calling test is skipped. */
  public static Path locate(String path) {
    String root = System.getProperty("vesta.vectors", "");
    assumeTrue(!root.isEmpty(), "vesta.vectors names no directory");
    return Path.of(root).resolve("tlog").resolve(path);
  }

  /** All JSON files below a directory of vectors. */
  static List<Path> files(String path) {
    try (Stream<Path> walk = Files.walk(locate(path))) {
      return walk.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode json(Path file) {
    try {
      return new ObjectMapper().readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where a root does not matter the vectors hold a shorter word: a hash of it stands for it. */
  static Hash root(JsonNode base64) {
    byte[] bytes = Base64.getDecoder().decode(base64.textValue());
    return bytes.length == Hash.LENGTH ? Hash.of(bytes, 0) : Hash.leaf(bytes);
  }

  static Hash hash(JsonNode base64) {
    return Hash.ofBase64(base64.textValue());
  }

  static List<Hash> hashes(JsonNode array) {
    List<Hash> hashes = new ArrayList<>();
    array.forEach(element -> hashes.add(hash(element)));
    return hashes;
  }

  static long unsigned(JsonNode number) {
    return number.bigIntegerValue().longValue();
  }
}
