package io.vesta.proof.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vesta.proof.brokerage.SampleData;
import io.vesta.proof.protect.DisclosurePolicy;
import io.vesta.proof.protect.Protector;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The page in headless Chromium under axe-core. Needs {@code -Dvesta.axe=<axe.min.js>} and {@code
 * -Dvesta.chromium=<the browser>}.
 */
class BrowserTest {

  private static final Pattern REPORT = Pattern.compile("<pre id=\"axe\">(.*?)</pre>");

  /** In the page itself, which is in a frame: a window cannot be as narrow as a telephone. */
  private static final String RUN =
      """
      <script>
      axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})
        .then(r => {
          const root = document.documentElement
          parent.postMessage(JSON.stringify({
            violations: r.violations.map(v => v.id),
            passes: r.passes.length,
            width: innerWidth,
            wide: root.scrollWidth - root.clientWidth,
            figures: document.querySelectorAll('svg tspan').length,
            cut: [...document.querySelectorAll('svg tspan')]
              .filter(t => t.getBoundingClientRect().right > root.clientWidth).length,
            dark: matchMedia('(prefers-color-scheme: dark)').matches}), '*')
        })
      </script>
      """;

  private static final String FRAME =
      """
      <!doctype html>
      <script>
      onmessage = message => {
        const pre = document.createElement('pre')
        pre.id = 'axe'
        pre.textContent = message.data
        document.body.append(pre)
      }
      </script>
      <iframe src="page.html" style="width:%dpx;height:800px;border:0"></iframe>
      """;

  @TempDir private Path directory;

  private final String axe = System.getProperty("vesta.axe", "");
  private final String chromium = System.getProperty("vesta.chromium", "");

  @BeforeEach
  void tools() {
    assumeTrue(
        !axe.isEmpty() && !chromium.isEmpty(),
        "needs -Dvesta.axe=<axe.min.js> and -Dvesta.chromium=<the browser>");
  }

  private static String page(boolean production) {
    Protector protector = new Protector(DisclosurePolicy.STANDARD);
    return new String(
        ProofPage.render(
            (production
                    ? protector.protect(SampleData.production(), SampleData.sides().sides())
                    : protector.protect(SampleData.market(), SampleData.sales()))
                .table()),
        StandardCharsets.UTF_8);
  }

  /** What axe says of a page in a frame of some width; the policy would not let axe run. */
  private JsonNode report(String page, int width, boolean dark) throws Exception {
    String open = page.replaceFirst("<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "");
    assertFalse(open.equals(page));
    // In place of the page's own end, so that what is measured is the page.
    Files.writeString(
        directory.resolve("page.html"),
        open.replaceFirst(
            "</body>",
            Matcher.quoteReplacement(
                    "<script src=\"file://" + Path.of(axe).toAbsolutePath() + "\"></script>" + RUN)
                + "</body>"));
    Path frame =
        Files.writeString(
            directory.resolve("frame.html"), String.format(Locale.ROOT, FRAME, width));
    List<String> command =
        new ArrayList<>(
            List.of(
                chromium,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--allow-file-access-from-files",
                "--virtual-time-budget=20000",
                "--user-data-dir=" + directory.resolve("profile"),
                "--window-size=1400,900",
                "--blink-settings=preferredColorScheme=" + (dark ? 0 : 1),
                "--dump-dom",
                frame.toUri().toString()));
    Path out = directory.resolve("dom.html");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertTrue(process.waitFor(90, TimeUnit.SECONDS), "the browser does not end");
    Matcher found = REPORT.matcher(Files.readString(out));
    assertTrue(found.find(), "axe did not report");
    return new ObjectMapper().readTree(found.group(1).replace("&amp;", "&"));
  }

  @ParameterizedTest
  @CsvSource({"false,320,false", "true,390,true", "false,1280,true", "true,1280,false"})
  void axe_finds_nothing(boolean production, int width, boolean dark) throws Exception {
    JsonNode report = report(page(production), width, dark);
    assertEquals("[]", report.get("violations").toString());
    assertTrue(report.get("passes").asInt() > 10, report::toString);
    assertEquals(dark, report.get("dark").asBoolean());
    assertEquals(width, report.get("width").asInt());
    assertEquals(0, report.get("wide").asInt(), "only tables scroll sideways");
    assertTrue(report.get("figures").asInt() > 1, report::toString);
    assertEquals(0, report.get("cut").asInt(), "every figure of a chart is seen");
  }

  @Test
  void axe_sees_a_page_whose_words_are_too_pale() throws Exception {
    JsonNode report = report(page(true).replace("#516072", "#dddddd"), 1280, false);
    assertEquals("[\"color-contrast\"]", report.get("violations").toString());
  }
}
