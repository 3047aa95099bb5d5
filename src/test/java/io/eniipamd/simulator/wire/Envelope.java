package io.eniipamd.simulator.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The frame around every answer: {@code {"Response": {…, "RequestId": "…"}}}. */
final class Envelope {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Envelope() {}

  static Reply.Json success(ObjectNode answer, String requestId) {
    ObjectNode response = answer.deepCopy();
    response.put("RequestId", requestId);
    return frame(response);
  }

  static Reply.Json failure(String code, String message, String requestId) {
    ObjectNode response = JSON.createObjectNode();
    response.putObject("Error").put("Code", code).put("Message", message);
    response.put("RequestId", requestId);
    return frame(response);
  }

  private static Reply.Json frame(ObjectNode response) {
    ObjectNode frame = JSON.createObjectNode();
    frame.set("Response", response);
    try {
      return new Reply.Json(JSON.writeValueAsString(frame));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }
}
