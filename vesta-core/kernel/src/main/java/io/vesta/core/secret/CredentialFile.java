package io.vesta.core.secret;

import io.vesta.core.error.CoreError;
import io.vesta.core.error.VestaException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A file that holds a credential, and the rules that it must keep: a regular file that its owner
 * alone may read, that has one name, is reached through no symbolic link and through no directory
 * that others may write, and lies outside every document root, from which no link leads to it
 * either. Immutable.
 *
 * <p><b>Not guaranteed.</b> Access control lists beyond the permission bits are not seen, nor is
 * who else is root. On a file system without POSIX permissions nothing can be checked, and
 * everything is refused.
 */
public final class CredentialFile {

  private static final int MOST_BYTES = 64 * 1024;
  private static final int MOST_SERVED = 200_000;
  private static final Set<PosixFilePermission> OTHERS_WRITE =
      Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
  private static final Set<PosixFilePermission> OWNERS =
      Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private final Path path;
  private final List<Path> documentRoots;

  /**
   * @param path the file
   * @param documentRoots the directories that a web server serves; may be empty
   */
  public CredentialFile(Path path, List<Path> documentRoots) {
    this.path = path.toAbsolutePath().normalize();
    this.documentRoots =
        documentRoots.stream().map(root -> root.toAbsolutePath().normalize()).toList();
  }

  /** Where it is; never null, absolute. */
  public Path path() {
    return path;
  }

  /**
   * The rules that it breaks, each with its mend; empty if it keeps all.
   *
   * @throws IOException if it is not there or cannot be looked at; then nothing is known
   */
  public List<String> faults() throws IOException {
    List<String> faults = new ArrayList<>();
    if (!path.toRealPath().equals(path)) {
      return List.of("is reached through a symbolic link; name the file itself");
    }
    PosixFileAttributes file =
        Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!file.isRegularFile()) {
      return List.of("is no regular file");
    }
    if (!OWNERS.containsAll(file.permissions())) {
      faults.add("may be used by others than its owner; chmod 600");
    }
    if (!Objects.equals(
        Files.getAttribute(path, "unix:uid"),
        Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
      faults.add("belongs to another user than this process; chown it");
    }
    if (!Integer.valueOf(1).equals(Files.getAttribute(path, "unix:nlink"))) {
      faults.add("has another name (a hard link); remove that");
    }
    for (Path above = path.getParent(); above != null; above = above.getParent()) {
      Set<PosixFilePermission> may =
          Files.readAttributes(above, PosixFileAttributes.class).permissions();
      if (OTHERS_WRITE.stream().anyMatch(may::contains)) {
        faults.add("lies below " + above + ", which others may write; chmod go-w");
      }
    }
    for (Path root : documentRoots) {
      faults.addAll(served(root));
    }
    return faults;
  }

  /** Follows every link that is served, and those in the directories that they lead to. */
  private List<String> served(Path root) throws IOException {
    Path real = root.toRealPath();
    if (path.startsWith(real)) {
      return List.of("lies in the document root " + root + "; move it out");
    }
    Deque<Path> open = new ArrayDeque<>(List.of(real));
    Set<Path> seen = new HashSet<>(open);
    int looked = 0;
    while (!open.isEmpty()) {
      try (Stream<Path> all = Files.walk(open.remove())) {
        for (Path one : (Iterable<Path>) all::iterator) {
          if (++looked > MOST_SERVED) {
            throw new IOException("a document root leads to more files than are looked at");
          }
          if (Files.isSymbolicLink(one) && Files.exists(one)) {
            Path target = one.toRealPath();
            if (path.startsWith(target)) {
              return List.of(
                  "is reached from the document root by the link " + one + "; remove it");
            } else if (Files.isDirectory(target) && seen.add(target)) {
              open.add(target);
            }
          }
        }
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }
    return List.of();
  }

  /**
   * Reads it, if it keeps the rules and is still the same file when it was read. A line break at
   * its end is left out.
   *
   * @return the secret; empty if there is no such file
   * @throws VestaException if it breaks a rule, is larger than 64 KiB or cannot be read
   */
  public Optional<Secret> read() {
    return bytes()
        .map(
            bytes -> {
              Secret secret = Secret.of(Arrays.copyOf(bytes, trimmed(bytes)));
              Arrays.fill(bytes, (byte) 0);
              return secret;
            });
  }

  /** As {@link #read}, every byte of it. */
  Optional<byte[]> bytes() {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try {
      Object before = key();
      List<String> faults = faults();
      if (!faults.isEmpty()) {
        throw refused(String.join("; ", faults));
      }
      byte[] bytes;
      try (SeekableByteChannel channel =
              Files.newByteChannel(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
          InputStream in = Channels.newInputStream(channel)) {
        bytes = in.readNBytes(MOST_BYTES + 1);
      }
      if (bytes.length > MOST_BYTES || !Objects.equals(before, key())) {
        Arrays.fill(bytes, (byte) 0);
        throw refused("is larger than a credential, or changed while it was read");
      }
      return Optional.of(bytes);
    } catch (IOException | UnsupportedOperationException e) {
      throw new VestaException(
          CoreError.SECRET_UNAVAILABLE, "a credential file cannot be looked at or read", e);
    }
  }

  private Object key() throws IOException {
    return Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
  }

  private static int trimmed(byte[] bytes) {
    int length = bytes.length;
    while (length > 0 && (bytes[length - 1] == '\n' || bytes[length - 1] == '\r')) {
      length--;
    }
    return length;
  }

  private VestaException refused(String faults) {
    return new VestaException(
        CoreError.SECRET_UNAVAILABLE, "the credential file " + path.getFileName() + " " + faults);
  }
}
