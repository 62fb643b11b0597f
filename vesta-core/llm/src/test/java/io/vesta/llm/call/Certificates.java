package io.vesta.llm.call;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate by an authority of its own, both made by the JDK's keytool. The authority is valid
 * throughout, because Java never asks how old a root is.
 */
final class Certificates {

  private static final String PASSWORD = "changeit";

  private final KeyStore store;

  private Certificates(KeyStore store) {
    this.store = store;
  }

  /** A certificate for a name, beginning some days from now and lasting some days. */
  static Certificates of(Path directory, String name, int startDays, int days) {
    Path file = directory.resolve(name + startDays + ".p12");
    keytool(file, "ca", "authority", -60, 365, "-ext", "bc:c");
    keytool(file, "it", name, startDays, days, "-signer", "ca", "-ext", "san=dns:" + name);
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, PASSWORD.toCharArray());
      return new Certificates(store);
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static void keytool(
      Path file, String alias, String name, int startDays, int days, String... more) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-alias", alias, "-dname", "CN=" + name));
    command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
    command.addAll(List.of("-startdate", (startDays < 0 ? "" : "+") + startDays + "d"));
    command.addAll(List.of("-validity", "" + days, "-storetype", "PKCS12"));
    command.addAll(List.of("-keystore", file.toString(), "-storepass", PASSWORD));
    command.addAll(List.of(more));
    try {
      Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
      byte[] said = keytool.getInputStream().readAllBytes();
      if (keytool.waitFor() != 0) {
        throw new AssertionError(new String(said, StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Serves the certificate and trusts its authority alone. */
  SSLContext context() {
    try {
      char[] password = PASSWORD.toCharArray();
      KeyStore served = empty();
      served.setKeyEntry(
          "it", store.getKey("it", password), password, store.getCertificateChain("it"));
      KeyManagerFactory mine =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      mine.init(served, password);
      KeyStore roots = empty();
      roots.setCertificateEntry("ca", store.getCertificate("ca"));
      TrustManagerFactory trusted =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trusted.init(roots);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(mine.getKeyManagers(), trusted.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
