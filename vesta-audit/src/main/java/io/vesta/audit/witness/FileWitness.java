package io.vesta.audit.witness;

import io.vesta.audit.note.CheckpointSigner;
import io.vesta.audit.note.SignedNote;
import io.vesta.audit.note.Vkey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Remembers in files of a directory, one per log: on another machine's disk, mounted here. A
 * directory beside the database is worth little: who sets back the one sets back the other.
 * Processes that share the directory take turns by a file lock. Thread-safe.
 */
public final class FileWitness extends Remembering {

  private final Path directory;

  /**
   * @param name its name, which is also the name of its key
   * @param directory must exist: a mount that is missing must not look like an empty memory
   * @param logs the keys of the log of an origin; none if the witness does not know it
   * @param signer cosigns what is remembered; null to remember only
   * @param clock the time of cosignatures
   */
  public FileWitness(
      String name,
      Path directory,
      Function<String, List<Vkey>> logs,
      @Nullable CheckpointSigner signer,
      Clock clock) {
    super(name, logs, signer, clock);
    this.directory = directory;
  }

  // Within a process file locks do not make threads wait: the monitor does.
  @Override
  synchronized Answer exchange(String origin, Function<Optional<SignedNote>, Answer> judge) {
    if (!Files.isDirectory(directory)) {
      throw unavailable("has lost its directory; mount it again", null);
    }
    Path file = directory.resolve(sha256(origin) + ".checkpoint");
    try (FileChannel lock =
            FileChannel.open(
                directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = lock.lock()) {
      Answer answer = judge.apply(read(file));
      if (answer instanceof Remembered remembered && held.isValid()) {
        write(file, remembered.note().bytes());
      }
      return answer;
    } catch (IOException e) {
      throw unavailable("cannot read or write its directory", e);
    }
  }

  private Optional<SignedNote> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(SignedNote.parse(Files.readAllBytes(file)));
    } catch (IllegalArgumentException e) {
      throw unavailable("has a damaged memory; restore its files", e);
    }
  }

  private void write(Path file, byte[] content) throws IOException {
    Path fresh = directory.resolve("fresh");
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    // The name must survive a crash too.
    try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
      names.force(true);
    }
  }

  private static String sha256(String origin) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(origin.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
