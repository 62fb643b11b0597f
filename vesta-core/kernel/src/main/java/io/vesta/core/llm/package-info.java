/** The SPI for language models: {@link io.vesta.core.llm.LanguageModel}. */
@NullMarked
package io.vesta.core.llm;

import org.jspecify.annotations.NullMarked;
