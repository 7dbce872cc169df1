// The tracer provider behind `startTracing()` and the testing kit.

import type { TracerOptions, TracerProvider } from '@opentelemetry/api';
import { type RecordingParts, RecordingTracer } from './recording-tracer.ts';

/** A tracer provider (OpenTelemetry trace SDK, "Tracer Provider") with a single processor. */
export class Recorder implements TracerProvider {
  readonly #parts: RecordingParts;
  readonly #tracers = new Map<string, RecordingTracer>();

  constructor(parts: RecordingParts) {
    this.#parts = parts;
  }

  /** The same tracer for the same name, version and schema. */
  getTracer(name: string, version?: string, options?: TracerOptions): RecordingTracer {
    const schemaUrl = options?.schemaUrl;
    const key = `${name}@${version ?? ''}:${schemaUrl ?? ''}`;
    const known = this.#tracers.get(key);
    if (known !== undefined) return known;
    const scope = {
      name,
      ...(version !== undefined && { version }),
      ...(schemaUrl !== undefined && { schemaUrl }),
    };
    const tracer = new RecordingTracer(scope, this.#parts);
    this.#tracers.set(key, tracer);
    return tracer;
  }

  forceFlush(): Promise<void> {
    return this.#parts.processor.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#parts.processor.shutdown();
  }
}
