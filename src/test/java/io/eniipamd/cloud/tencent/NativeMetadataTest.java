package io.eniipamd.cloud.tencent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.tencentcloudapi.common.AbstractModel;
import com.tencentcloudapi.cvm.v20170312.CvmClient;
import com.tencentcloudapi.vpc.v20170312.VpcClient;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.eniipamd.testing.GeneratedFile;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A native image knows only what its metadata names, and gson finds the SDK's types by reflection.
 */
@Tag(GeneratedFile.TAG)
class NativeMetadataTest {

  private static final GeneratedFile FILE =
      GeneratedFile.at(
          "src/main/resources/META-INF/native-image/io.eniipamd/eni-ipamd/reachability-metadata.json");

  private static final String MODELS = "com.tencentcloudapi.";

  /** What the SDK's base classes read into. */
  private static final List<String> ENVELOPE =
      List.of(
          "com.tencentcloudapi.common.JsonResponseModel",
          "com.tencentcloudapi.common.JsonResponseErrModel",
          "com.tencentcloudapi.common.JsonResponseErrModel$ErrorInfo");

  /** The IPAddress library makes arrays of these by reflection. */
  private static final List<String> ADDRESS_ARRAYS =
      Stream.of("ipv4.IPv4Address", "ipv6.IPv6Address")
          .flatMap(name -> Stream.of(name, name + "Section", name + "Segment"))
          .map(name -> "inet.ipaddr." + name + "[]")
          .toList();

  @Test
  void shouldNameEverySdkTypeWhenAnImageIsBuilt() throws IOException {
    FILE.mustBe(metadata());
  }

  @Test
  void shouldReachRequestsAnswersAndWhatIsInThemWhenItWalksTheTypes() {
    assertThat(models().keySet())
        .contains(
            "com.tencentcloudapi.vpc.v20170312.models.AssignPrivateIpAddressesRequest",
            "com.tencentcloudapi.vpc.v20170312.models.AssignPrivateIpAddressesResponse",
            "com.tencentcloudapi.vpc.v20170312.models.NetworkInterfaceAttachment",
            "com.tencentcloudapi.cvm.v20170312.models.DescribeInstancesResponse",
            "com.tencentcloudapi.cvm.v20170312.models.Placement",
            "com.tencentcloudapi.common.AbstractModel");
  }

  private static String metadata() throws IOException {
    var reflection = new JsonArray();
    for (Map.Entry<String, Boolean> model : models().entrySet()) {
      var type = new JsonObject();
      type.addProperty("type", model.getKey());
      type.addProperty("allDeclaredFields", true);
      type.addProperty("allDeclaredConstructors", true);
      type.addProperty("unsafeAllocated", true);
      reflection.add(type);
      if (model.getValue()) {
        reflection.add(named(model.getKey() + "[]"));
      }
    }
    typeTokens().forEach(token -> reflection.add(named(token)));
    ADDRESS_ARRAYS.forEach(array -> reflection.add(named(array)));
    var suffixes = new JsonObject();
    suffixes.addProperty("glob", "okhttp3/internal/publicsuffix/publicsuffixes.gz");
    var resources = new JsonArray();
    resources.add(suffixes);
    var all = new JsonObject();
    all.add("reflection", reflection);
    all.add("resources", resources);
    Gson gson = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
    return gson.toJson(all) + "\n";
  }

  private static JsonObject named(String name) {
    var type = new JsonObject();
    type.addProperty("type", name);
    return type;
  }

  /** The types that gson reads or writes; {@code true} where arrays of them occur. */
  private static Map<String, Boolean> models() {
    var found = new TreeMap<String, Boolean>();
    for (Class<?> root : roots()) {
      walk(root, false, found);
    }
    ENVELOPE.forEach(name -> found.put(name, false));
    return found;
  }

  private static void walk(Class<?> type, boolean inArray, Map<String, Boolean> found) {
    if (type.isArray()) {
      walk(type.componentType(), true, found);
      return;
    }
    if (!type.getName().startsWith(MODELS)) {
      return;
    }
    Boolean known = found.put(type.getName(), inArray || found.getOrDefault(type.getName(), false));
    if (known != null) {
      return;
    }
    if (type.getSuperclass() != null) {
      walk(type.getSuperclass(), false, found);
    }
    for (Field field : type.getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers())) {
        walk(field.getType(), false, found);
      }
    }
  }

  /** Requests and answers of the client methods that the adapter calls. */
  private static Set<Class<?>> roots() {
    var roots = new TreeSet<Class<?>>((a, b) -> a.getName().compareTo(b.getName()));
    for (JavaClass type :
        new ClassFileImporter().importPackages(TencentVpcCloud.class.getPackageName())) {
      for (JavaMethodCall call : type.getMethodCallsFromSelf()) {
        JavaClass client = call.getTargetOwner();
        if (client.isEquivalentTo(VpcClient.class) || client.isEquivalentTo(CvmClient.class)) {
          roots.add(call.getTarget().getRawReturnType().reflect());
          call.getTarget().getRawParameterTypes().forEach(p -> roots.add(p.reflect()));
        }
      }
    }
    assertThat(roots).as("the calls that the adapter makes").hasSizeGreaterThan(20);
    assertThat(roots).allSatisfy(root -> assertThat(root).isAssignableTo(AbstractModel.class));
    return roots;
  }

  /** The anonymous type tokens of the SDK's base class. */
  private static List<String> typeTokens() {
    return new ClassFileImporter()
        .importPackages("com.tencentcloudapi.common").stream()
            .filter(type -> type.isAssignableTo("com.google.gson.reflect.TypeToken"))
            .map(JavaClass::getName)
            .filter(name -> name.startsWith("com.tencentcloudapi.common.AbstractClient$"))
            .sorted()
            .toList();
  }
}
