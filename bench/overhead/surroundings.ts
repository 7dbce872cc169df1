// Starts the processes that every application under test shares, and ends them whatever happens.

import { join } from 'node:path';
import { PROCESSORS } from '../processors.ts';
import { makeCertificates } from './certificates.ts';
import { Worker } from './questions.ts';
import type { Surroundings } from './subject.ts';

export async function withSurroundings<T>(work: (around: Surroundings) => Promise<T>): Promise<T> {
  const sink = new Worker('sink', join(import.meta.dirname, 'sink', 'main.ts'));
  const load = new Worker('load', join(import.meta.dirname, 'load', 'main.ts'));
  const certificates = makeCertificates();
  for (const worker of [sink, load]) worker.keepOn(PROCESSORS.others);
  try {
    const { port: targetPort } = await sink.ask<{ port: number }>('target');
    return await work({ sink, load, targetPort, certificates });
  } finally {
    certificates?.remove();
    await Promise.all([sink.stop(), load.stop()]);
  }
}
