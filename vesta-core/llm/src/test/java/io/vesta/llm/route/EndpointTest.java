package io.vesta.llm.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.error.VestaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {

  private static final String CLOUD = "https://api.openai.com/v1/chat/completions";

  @Test
  void a_cloud_provider_is_read_part_by_part() {
    Endpoint endpoint = Endpoint.parse(CLOUD, Environment.PRODUCTION);
    assertTrue(endpoint.tls());
    assertEquals("api.openai.com", endpoint.host());
    assertEquals(443, endpoint.port());
    assertEquals("/v1/chat/completions", endpoint.path());
    assertEquals("https://api.openai.com:443/v1/chat/completions", endpoint.toString());
    assertEquals(443, Endpoint.parse("https://api.openai.com:443/", Environment.PRODUCTION).port());
  }

  /** Attacks 39, 44 and 48 of the catalogue: whichever parser reads them, no socket is opened. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://api.openai.com/v1",
        "HTTPS://api.openai.com/v1",
        "https://API.openai.com/v1",
        "ftp://api.openai.com/v1",
        "//api.openai.com/v1",
        "api.openai.com/v1",
        "https:/api.openai.com/v1",
        "https:\\\\api.openai.com/v1",
        "https://api.openai.com",
        "https://api.openai.com:80/v1",
        "https://api.openai.com:8443/v1",
        "https://api.openai.com:11434/v1",
        "https://api.openai.com:0/v1",
        "https://api.openai.com:65536/v1",
        "https://api.openai.com:99999999999/v1",
        "https://api.openai.com:/v1",
        "https://127.0.0.1/v1",
        "https://127.1/v1",
        "https://0177.0.0.1/v1",
        "https://0x7f000001/v1",
        "https://0x7f.1/v1",
        "https://2130706433/v1",
        "https://017700000001/v1",
        "https://0/v1",
        "https://0.0.0.0/v1",
        "https://8.8.8.8/v1",
        "https://169.254.169.254/latest/meta-data",
        "https://100.100.100.200/latest",
        "https://[::1]/v1",
        "https://[::ffff:127.0.0.1]/v1",
        "https://[::ffff:7f00:1]/v1",
        "https://[64:ff9b::7f00:1]/v1",
        "https://[2002:7f00:1::]/v1",
        "https://[fd00:ec2::254]/v1",
        "https://[fe80::1%25eth0]/v1",
        "https://\u2460\u2461\u2466.0.0.1/v1",
        "https://localhost/v1",
        "https://api.localhost/v1",
        "https://printer.local/v1",
        "https://metadata.google.internal/computeMetadata/v1",
        "https://kubernetes.default.svc.cluster.local/v1",
        "https://models.corp/v1",
        "https://models.lan/v1",
        "https://models.home.arpa/v1",
        "https://models.test/v1",
        "https://ollama/v1",
        "https://ollama.company.com/v1",
        "https://lmstudio.company.com/v1",
        "https://user@api.openai.com/v1",
        "https://user:key@api.openai.com/v1",
        "https://api.openai.com@evil.com/v1",
        "https://api.openai.com\\@evil.com/v1",
        "https://evil.com#@api.openai.com/v1",
        "https://evil.com?@api.openai.com/v1",
        "https://api.openai.com%00.evil.com/v1",
        "https://api.openai.com%2eevil.com/v1",
        "https://api.openai.com./v1",
        "https://.api.openai.com/v1",
        "https://api..openai.com/v1",
        "https://-api.openai.com/v1",
        "https://api-.openai.com/v1",
        "https://api_openai.com/v1",
        "https://api.openai.com\t/v1",
        " https://api.openai.com/v1",
        "https://api.openai.com/v1 ",
        "https://api.openai.com\n/v1",
        "https://\u0430pi.openai.com/v1",
        "https://xn--pi-7lc.openai.com/v1",
        "https://api\u3002openai\u3002com/v1",
        "https://api.openai.com/v1?api_base=http://127.0.0.1",
        "https://api.openai.com/v1#x",
        "https://api.openai.com/../v1",
        "https://api.openai.com//evil.com/v1",
        "https://api.openai.com/%2e%2e/v1",
        "https://com/v1",
        "https:///v1",
        "",
        "0.0.0.0",
        ":11434",
        "http://[::]:80",
        "127.0.0.1"
      })
  void no_other_spelling_is_read_in_production(String text) {
    VestaException refused =
        assertThrows(VestaException.class, () -> Endpoint.parse(text, Environment.PRODUCTION));
    String message = String.valueOf(refused.getMessage());
    assertTrue(text.length() < 10 || !message.contains(text), "the text stays out of the message");
  }

  @Test
  void a_long_label_and_a_long_host_are_no_names() {
    String label = "a".repeat(63);
    assertEquals(
        label + ".com",
        Endpoint.parse("https://" + label + ".com/", Environment.PRODUCTION).host());
    for (String host : new String[] {label + "a.com", (label + ".").repeat(4) + "com"}) {
      assertThrows(
          VestaException.class,
          () -> Endpoint.parse("https://" + host + "/", Environment.PRODUCTION));
    }
  }

  @Test
  void a_developer_may_ask_a_model_of_their_own_machine() {
    Endpoint endpoint =
        Endpoint.parse("http://localhost:11434/v1/chat/completions", Environment.DEVELOPMENT);
    assertFalse(endpoint.tls());
    assertEquals(11434, endpoint.port());
    assertThrows(
        VestaException.class,
        () -> Endpoint.parse("http://user@localhost/", Environment.DEVELOPMENT));
  }
}
