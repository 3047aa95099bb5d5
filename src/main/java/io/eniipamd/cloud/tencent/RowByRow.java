package io.eniipamd.cloud.tencent;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import com.tencentcloudapi.common.JsonResponseModel;
import com.tencentcloudapi.cvm.v20170312.models.Instance;
import com.tencentcloudapi.vpc.v20170312.models.IpAddressStates;
import com.tencentcloudapi.vpc.v20170312.models.NetworkInterface;
import com.tencentcloudapi.vpc.v20170312.models.ReserveIpAddressInfo;
import com.tencentcloudapi.vpc.v20170312.models.Subnet;
import com.tencentcloudapi.vpc.v20170312.models.VpcPrivateIpAddress;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Has the SDK's gson read the rows of an answer one by one. By itself it fails the whole answer
 * over one value of another type than the SDK's model has, so that one row would hide all others.
 * Here such a row becomes a {@link Torn} one, which has its id and nothing else; a value outside of
 * rows still fails the answer. Either failure names the field and its place.
 *
 * <p>The adapters go by the SDK's types and read with gson's own ones: there is no reflection
 * beyond what the metadata for native images names.
 */
final class RowByRow implements TypeAdapterFactory {

  /** A row of which no more than its id could be read. */
  sealed interface Torn {
    /** The field that could not be read, and what is wrong with it. */
    String why();
  }

  /** Makes a row of nothing but an id, which is null where that cannot be read either. */
  @FunctionalInterface
  private interface Tearing {
    Torn row(String id, String why);
  }

  private record Row(String idField, Tearing tearing) {}

  private static final Map<Class<?>, Row> ROWS =
      Map.of(
          NetworkInterface.class, new Row("NetworkInterfaceId", TornNetworkInterface::new),
          Subnet.class, new Row("SubnetId", TornSubnet::new),
          Instance.class, new Row("InstanceId", TornInstance::new),
          ReserveIpAddressInfo.class, new Row("ReserveIpId", TornReservation::new),
          VpcPrivateIpAddress.class, new Row("PrivateIpAddress", TornAddress::new),
          IpAddressStates.class, new Row("IpAddress", TornAddressState::new));

  private RowByRow() {}

  /** The SDK's gson, which reads row by row. */
  static Gson of(Gson sdk) {
    return sdk.newBuilder()
        .registerTypeAdapter(Boolean.class, new OnlyBooleans().nullSafe())
        .registerTypeAdapterFactory(new RowByRow())
        .create();
  }

  @Override
  public <T> TypeAdapter<T> create(Gson gson, TypeToken<T> type) {
    var raw = type.getRawType();
    var row = ROWS.get(raw);
    if (row == null && raw != JsonResponseModel.class) {
      return null;
    }
    var named = new NamingTheField<>(gson.getDelegateAdapter(this, type));
    return row == null ? named : new OneRow<>(row, raw, named, gson.getAdapter(JsonElement.class));
  }

  private static final class OneRow<T> extends TypeAdapter<T> {
    private final Row row;
    private final Class<? super T> type;
    private final TypeAdapter<T> whole;
    private final TypeAdapter<JsonElement> anything;

    OneRow(
        Row row, Class<? super T> type, TypeAdapter<T> whole, TypeAdapter<JsonElement> anything) {
      this.row = row;
      this.type = type;
      this.whole = whole;
      this.anything = anything;
    }

    @Override
    public T read(JsonReader in) throws IOException {
      // To its end first: what comes behind a bad value has to be read all the same.
      var json = anything.read(in);
      try {
        return whole.fromJsonTree(json);
      } catch (JsonParseException e) {
        return torn(id(json), e.getMessage());
      }
    }

    @SuppressWarnings("unchecked") // The table has a subtype of T for T's class.
    private T torn(String id, String why) {
      return (T) type.cast(row.tearing().row(id, why));
    }

    private String id(JsonElement json) {
      return json.isJsonObject()
              && json.getAsJsonObject().get(row.idField()) instanceof JsonPrimitive id
              && id.isString()
          ? id.getAsString()
          : null;
    }

    @Override
    public void write(JsonWriter out, T value) throws IOException {
      whole.write(out, value);
    }
  }

  /** Says where in the answer it was when a value could not be read. */
  private static final class NamingTheField<T> extends TypeAdapter<T> {
    private static final Pattern PLACE_AND_ADVICE =
        Pattern.compile(" at (line \\d|path ).*", Pattern.DOTALL);

    private static final int MOST_QUOTED = 120;

    private final TypeAdapter<T> all;

    NamingTheField(TypeAdapter<T> all) {
      this.all = all;
    }

    @Override
    public T read(JsonReader in) throws IOException {
      try {
        return all.read(in);
      } catch (JsonParseException | IllegalStateException | NumberFormatException e) {
        throw new JsonParseException(
            "%s cannot be read: %s".formatted(field(in.getPath()), reason(e)), e);
      }
    }

    @Override
    public void write(JsonWriter out, T value) throws IOException {
      all.write(out, value);
    }

    private static String field(String path) {
      return path.startsWith("$.") ? path.substring(2) : "the answer";
    }

    /** Gson's own reason, or that of the number it tried, without the place and the advice. */
    private static String reason(Throwable e) {
      var said = String.valueOf((e.getCause() == null ? e : e.getCause()).getMessage());
      var reason = PLACE_AND_ADVICE.matcher(said).replaceFirst("");
      return reason.length() > MOST_QUOTED ? reason.substring(0, MOST_QUOTED) + "…" : reason;
    }
  }

  /** Gson takes any text but {@code true} for {@code false}. */
  private static final class OnlyBooleans extends TypeAdapter<Boolean> {
    @Override
    public Boolean read(JsonReader in) throws IOException {
      if (in.peek() == JsonToken.BOOLEAN) {
        return in.nextBoolean();
      }
      var text = in.peek() == JsonToken.STRING ? in.nextString() : in.peek().toString();
      return switch (text) {
        case "true" -> true;
        case "false" -> false;
        default -> throw new JsonParseException("Expected a boolean but was " + text);
      };
    }

    @Override
    public void write(JsonWriter out, Boolean value) throws IOException {
      out.value(value);
    }
  }

  private static final class TornNetworkInterface extends NetworkInterface implements Torn {
    private final String why;

    TornNetworkInterface(String id, String why) {
      setNetworkInterfaceId(id);
      this.why = why;
    }

    @Override
    public String why() {
      return why;
    }
  }

  private static final class TornSubnet extends Subnet implements Torn {
    private final String why;

    TornSubnet(String id, String why) {
      setSubnetId(id);
      this.why = why;
    }

    @Override
    public String why() {
      return why;
    }
  }

  private static final class TornInstance extends Instance implements Torn {
    private final String why;

    TornInstance(String id, String why) {
      setInstanceId(id);
      this.why = why;
    }

    @Override
    public String why() {
      return why;
    }
  }

  private static final class TornReservation extends ReserveIpAddressInfo implements Torn {
    private final String why;

    TornReservation(String id, String why) {
      setReserveIpId(id);
      this.why = why;
    }

    @Override
    public String why() {
      return why;
    }
  }

  private static final class TornAddress extends VpcPrivateIpAddress implements Torn {
    private final String why;

    TornAddress(String id, String why) {
      setPrivateIpAddress(id);
      this.why = why;
    }

    @Override
    public String why() {
      return why;
    }
  }

  private static final class TornAddressState extends IpAddressStates implements Torn {
    private final String why;

    TornAddressState(String id, String why) {
      setIpAddress(id);
      this.why = why;
    }

    @Override
    public String why() {
      return why;
    }
  }
}
