package io.vesta.identity.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.error.VestaException;
import io.vesta.identity.IdentityError;
import io.vesta.identity.provider.Provider;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks 24 and 25, and addresses of providers: what is refused before anything is looked up. */
class LoginInputTest {

  private static void refused(IdentityError code, Executable act) {
    assertEquals(code, assertThrows(VestaException.class, act).code());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "code=a",
        "state=a",
        "code=a&code=b&state=c",
        "code=a&state=b&state=c",
        "code[]=a&state=b",
        "code=a&state=b&id_token=c",
        "code=a&state=b&access_token=c",
        "code=a&error=b&state=c",
        "code=&state=b",
        "response=a&state=b",
        "code=%zz&state=b",
        "code=+&state=b",
        "code=a&state=+",
        "code=%C3%A9&state=b",
        "code=a%00&state=b",
        "state=b#code=a",
        "code=a&state=b&iss=c&iss=d"
      })
  void i24_a_callback_that_is_not_one_is_refused(String query) {
    refused(IdentityError.CALLBACK_MALFORMED, () -> Callback.get(query));
  }

  @Test
  void i24_a_callback_of_100_kb_is_refused() {
    refused(
        IdentityError.CALLBACK_MALFORMED,
        () -> Callback.get("state=b&code=" + "a".repeat(100_000)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//evil.example",
        "https:evil.example",
        "/\\evil.example",
        "/%2f%2fevil",
        "\\\\evil",
        "/a\r\nLocation: x",
        "javascript:alert(1)",
        "/a//evil.example",
        "",
        "evil",
        "/@evil",
        "https://evil.example/",
        "/\t/evil",
        "/a?x=//evil",
        "/.evil:80"
      })
  void i25_a_return_path_that_could_lead_elsewhere_is_the_front_page(String path) {
    assertEquals("/", new ReturnPath(path).path());
  }

  @Test
  void i25_a_local_path_stays() {
    for (String path : List.of("/", "/listings", "/a/b-c_d.html?x=1&y=2")) {
      assertEquals(path, new ReturnPath(path).path());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://id.example",
        "https://user@id.example",
        "https://ID.example",
        "ftp://id.example",
        "https://id.example#x",
        "https:///x",
        "id.example",
        "http://127.0.0.1:80",
        "https://good_host/"
      })
  void an_issuer_that_is_not_a_safe_address_makes_no_provider(String issuer) {
    assertThrows(VestaException.class, () -> Provider.oidc("x", issuer).build());
  }

  @Test
  void the_providers_that_ship_are_data_and_no_symmetric_algorithm_can_be_pinned() {
    assertEquals("https://accounts.google.com", Provider.google().issuer());
    assertTrue(
        Provider.microsoft("72f988bf-86f1-41af-91ab-2d7cd011db47").issuer().endsWith("/v2.0"));
    assertThrows(VestaException.class, () -> Provider.microsoft("common"));
    for (String algorithm : Set.of("none", "HS256", "RS1", "EdDSA")) {
      assertThrows(
          VestaException.class, () -> Provider.oidc("x", "https://x.example").algorithm(algorithm));
    }
  }
}
