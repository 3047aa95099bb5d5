package io.eniipamd.kube.support;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.PARAMETER;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import jakarta.inject.Qualifier;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/** The threads that wait for the cloud's answer to a read, one thread a read. */
@Qualifier
@Retention(RUNTIME)
@Target({METHOD, PARAMETER})
public @interface CloudReaders {}
