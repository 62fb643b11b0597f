package io.vesta.examples.cli;

import io.vesta.core.secret.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A secret in a file of a private folder, made once: whole or not at all, and if two programs make
 * it at the same time, the same for both.
 */
final class KeptSecret {

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /** The shortest that is one: 32 bytes in base64. */
  private static final int SHORTEST = 44;

  private KeptSecret() {}

  /**
   * The secret of a file, or a fresh one that is written to it.
   *
   * @param fresh of at least 44 bytes
   * @throws IOException if the file is shorter than any secret, or cannot be read or written
   */
  static Secret of(Path folder, String name, Secret fresh) throws IOException {
    Path file = folder.resolve(name);
    if (!Files.exists(file)) {
      make(folder, file, fresh);
    }
    byte[] bytes = Files.readAllBytes(file);
    if (bytes.length < SHORTEST) {
      throw new IOException(
          name
              + " has "
              + bytes.length
              + " bytes, too few for a key; restore it from a copy, or delete it if nothing has been"
              + " published with it");
    }
    return Secret.of(bytes);
  }

  private static void make(Path folder, Path file, Secret fresh) throws IOException {
    Path whole = Files.createTempFile(folder, "fresh-", ".part", OWNER_ONLY);
    try {
      try (FileChannel channel = FileChannel.open(whole, StandardOpenOption.WRITE)) {
        ByteBuffer rest = ByteBuffer.wrap(fresh.reveal());
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
        channel.force(true);
      }
      // A move would put one program's key in the place of another's that is in use already.
      Files.createLink(file, whole);
      // The name must survive a crash too: what is signed next does.
      try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
        names.force(true);
      }
    } catch (FileAlreadyExistsException e) {
      // Another program was first: its key holds for both.
    } finally {
      Files.delete(whole);
    }
  }
}
