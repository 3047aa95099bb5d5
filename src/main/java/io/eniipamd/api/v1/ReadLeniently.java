package io.eniipamd.api.v1;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import com.fasterxml.jackson.annotation.JsonFormat;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A field whose words may be those of a newer version: after a roll-back its objects are still
 * there, and one that cannot be read would fail the list of all. Such a word is read as {@code
 * UNKNOWN}, and the object is left alone.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({
  ElementType.FIELD,
  ElementType.METHOD,
  ElementType.PARAMETER,
  ElementType.RECORD_COMPONENT
})
@JacksonAnnotationsInside
@JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE)
public @interface ReadLeniently {
  /** No schema has this word, so that the API server refuses it where it is written by mistake. */
  String UNKNOWN = "(unknown)";
}
