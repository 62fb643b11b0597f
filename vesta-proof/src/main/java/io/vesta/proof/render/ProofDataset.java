package io.vesta.proof.render;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vesta.proof.protect.ReleasedTable;
import io.vesta.proof.protect.ReleasedTable.Heading;
import java.io.IOException;
import java.util.Objects;

/**
 * What a page is about for search engines, {@code dataset.jsonld}: a schema.org {@code Dataset} in
 * JSON-LD 1.1 that names the measures and the files and holds no figure of its own. It is a file
 * beside the page, because the page has no script element. It asserts no review or rating: deals
 * are neither. Equal tables give equal bytes.
 */
public final class ProofDataset {

  private ProofDataset() {}

  /**
   * The description of a table.
   *
   * @return UTF-8 bytes; never null
   */
  public static byte[] render(ReleasedTable table) {
    Objects.requireNonNull(table, "table");
    return JsonFile.of(json -> write(json, table));
  }

  private static void write(JsonGenerator json, ReleasedTable table) throws IOException {
    json.writeStringField("@context", "https://schema.org/");
    json.writeStringField("@type", "Dataset");
    json.writeStringField("name", table.title());
    json.writeStringField("description", table.notice());
    if (!table.method().isEmpty()) {
      json.writeStringField("measurementTechnique", table.method());
    }
    json.writeStringField("temporalCoverage", table.period().first() + "/" + table.period().to());
    json.writeStringField("dateModified", table.asOf().toString());
    json.writeBooleanField("isAccessibleForFree", true);
    json.writeArrayFieldStart("variableMeasured");
    for (Heading heading : table.measures()) {
      json.writeStartObject();
      json.writeStringField("@type", "PropertyValue");
      json.writeStringField("propertyID", heading.key());
      json.writeStringField("name", heading.label());
      if (!heading.suffix().isEmpty()) {
        json.writeStringField("unitText", heading.suffix());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("distribution");
    download(json, "cells.csv", "text/csv");
    download(json, "proof.json", "application/json");
    download(json, "index.html", "text/html");
    json.writeEndArray();
  }

  private static void download(JsonGenerator json, String url, String format) throws IOException {
    json.writeStartObject();
    json.writeStringField("@type", "DataDownload");
    json.writeStringField("contentUrl", url);
    json.writeStringField("encodingFormat", format);
    json.writeEndObject();
  }
}
