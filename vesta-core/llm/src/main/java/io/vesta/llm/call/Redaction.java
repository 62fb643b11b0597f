package io.vesta.llm.call;

import com.google.i18n.phonenumbers.PhoneNumberMatch;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.vesta.core.llm.Prompt;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Keeps e-mail addresses and telephone numbers from the model: each becomes a token, the same one
 * wherever it stands, and the answer's tokens become what they stand for. Tokens hold a word drawn
 * for this call, so that a client's text cannot ask for somebody's number by guessing its token.
 * For one call; not thread-safe.
 *
 * <p><b>Not guaranteed.</b> Names are not found here: whoever writes a prompt leaves out what the
 * policy hides from a bot.
 */
final class Redaction {

  private static final Pattern EMAIL =
      Pattern.compile("[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]{1,63}(\\.[A-Za-z0-9-]{1,63}){1,8}");
  private static final String HOME = "US";
  private static final int WORD_BYTES = 4;

  private final String word;
  private final Map<String, String> tokens = new HashMap<>();
  private final Map<String, String> values = new LinkedHashMap<>();

  Redaction(RandomGenerator random) {
    byte[] bytes = new byte[WORD_BYTES];
    random.nextBytes(bytes);
    word = HexFormat.of().formatHex(bytes);
  }

  /** The prompt with tokens. */
  Prompt of(Prompt prompt) {
    List<Prompt.Turn> turns =
        prompt.turns().stream()
            .map(turn -> new Prompt.Turn(turn.role(), turn.trust(), redact(turn.text())))
            .toList();
    return new Prompt(
        redact(prompt.system()), turns, prompt.maxOutputTokens(), prompt.temperature());
  }

  /** A text with what its tokens stand for; a token that nobody gave out stays. */
  String restored(String text) {
    String restored = text;
    for (Map.Entry<String, String> entry : values.entrySet()) {
      restored = restored.replace(entry.getKey(), entry.getValue());
    }
    return restored;
  }

  private String redact(String text) {
    StringBuilder mails = new StringBuilder();
    Matcher matcher = EMAIL.matcher(text);
    int from = 0;
    while (matcher.find()) {
      mails.append(text, from, matcher.start()).append(token("email", matcher.group()));
      from = matcher.end();
    }
    mails.append(text, from, text.length());
    StringBuilder phones = new StringBuilder();
    from = 0;
    for (PhoneNumberMatch match : PhoneNumberUtil.getInstance().findNumbers(mails, HOME)) {
      phones.append(mails, from, match.start()).append(token("phone", match.rawString()));
      from = match.end();
    }
    return phones.append(mails, from, mails.length()).toString();
  }

  private String token(String kind, String value) {
    return tokens.computeIfAbsent(
        value,
        key -> {
          String token = String.format(Locale.ROOT, "[%s-%s-%d]", kind, word, tokens.size() + 1);
          values.put(token, key);
          return token;
        });
  }
}
