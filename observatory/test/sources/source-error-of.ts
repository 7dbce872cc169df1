// The error that reading a source ends with.
import { SourceError } from '../../src/sources/source-error.ts';

/** Resolves with the SourceError that `reading` rejects with; rejects when it does anything else. */
export async function sourceErrorOf(reading: Promise<unknown>): Promise<SourceError> {
  const error = await reading.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof SourceError) return error;
  throw new Error(`expected a SourceError, got ${String(error)}`);
}
