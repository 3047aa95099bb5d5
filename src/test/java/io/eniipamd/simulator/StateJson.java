package io.eniipamd.simulator;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.eniipamd.simulator.model.CidrBlock;
import io.eniipamd.simulator.model.Ipv4;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

/** The simulation's values as JSON, so that a state that was saved can be read again. */
final class StateJson {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(
              new SimpleModule()
                  .addSerializer(Ipv4.class, ToStringSerializer.instance)
                  .addSerializer(CidrBlock.class, ToStringSerializer.instance)
                  .addSerializer(Duration.class, ToStringSerializer.instance)
                  .addSerializer(Instant.class, ToStringSerializer.instance)
                  .addDeserializer(Ipv4.class, fromText(Ipv4::of))
                  .addDeserializer(CidrBlock.class, fromText(CidrBlock::of))
                  .addDeserializer(Instant.class, fromText(Instant::parse)))
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private static final ObjectMapper WHOLE =
      JSON.copy().enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

  private StateJson() {}

  static String write(Object value) throws JsonProcessingException {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n";
  }

  /** Reads an object of known keys; those that are absent are null. */
  static <T> T read(String text, Class<T> type) throws JsonProcessingException {
    return required("an object", JSON.readValue(text, type));
  }

  /** Reads an object that has all of the known keys and no others. */
  static <T> T readWhole(String text, Class<T> type) throws JsonProcessingException {
    return required("an object", WHOLE.readValue(text, type));
  }

  /** Refuses an order that lacks something. */
  static <T> T required(String what, T value) {
    if (value == null) {
      throw new IllegalArgumentException("wanted is " + what);
    }
    return value;
  }

  private static <T> JsonDeserializer<T> fromText(Function<String, T> parse) {
    return new JsonDeserializer<>() {
      @Override
      public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        return parse.apply(parser.getText());
      }
    };
  }
}
