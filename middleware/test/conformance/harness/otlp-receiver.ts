// A receiver of OTLP that keeps every span in memory.

import { createServer } from 'node:http';
import { listen } from './listen.ts';
import { readSpans, type SpanView } from './span-view.ts';

export interface OtlpReceiver {
  readonly endpoint: string;
  readonly spans: readonly SpanView[];
  close(): Promise<void>;
}

export async function startReceiver(): Promise<OtlpReceiver> {
  const spans: SpanView[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      spans.push(...readSpans(Buffer.concat(chunks), request.headers['content-type']));
      response.end();
    });
  });
  const { port, close } = await listen(server);
  return { endpoint: `http://127.0.0.1:${port}`, spans, close };
}
