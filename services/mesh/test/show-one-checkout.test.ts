// What is said after a checkout that left no trace, and how the next trace is looked at.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import type { MeshUrls } from '../src/members.ts';
import { showOneCheckout } from '../src/show-one-checkout.ts';
import { ROOT } from './running-services.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const UI = 'http://127.0.0.1:16686';

/** What is written when the gateway answers with these flags in its `traceresponse`. */
async function written(flags: string, environment: Record<string, string>, ui = UI): Promise<string> {
  const server = createServer((_req, res) => {
    res.writeHead(201, { traceresponse: `00-${TRACE_ID}-b7ad6b7169203331-${flags}` });
    res.end(JSON.stringify({ orderId: 'order-1', traceId: TRACE_ID }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const gateway = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const urls: MeshUrls = { ui, otlp: ui, gateway, of: () => gateway };
  let text = '';
  const write = (more: string): void => {
    text += more;
  };
  const stop = new AbortController().signal;
  const terminal = { out: write, err: write, isInteractive: false };
  await showOneCheckout({ root: ROOT, isBuilt: false, environment, urls, terminal, stop });
  server.close();
  return text;
}

const RATIO = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio' };

describe('after a checkout that was not sampled', () => {
  test.each(['00', '02'])('says why it has no trace, and gives no link to one (flags %s)', async (flags) => {
    const text = await written(flags, { ...RATIO, OTEL_TRACES_SAMPLER_ARG: '0.1' });
    expect(text).toContain(
      'This checkout was not sampled (OTEL_TRACES_SAMPLER=parentbased_traceidratio OTEL_TRACES_SAMPLER_ARG=0.1), so it has no trace. Another may be.\n\nSend another:\n\ncurl ',
    );
    expect(text).not.toContain('/trace/');
  });

  test.each([
    { OTEL_TRACES_SAMPLER: 'always_off' },
    { OTEL_TRACES_SAMPLER: 'parentbased_always_off' },
    { ...RATIO, OTEL_TRACES_SAMPLER_ARG: '0.0' },
  ])('does not promise a trace with %j', async (environment) => {
    expect(await written('00', environment)).toContain(
      'No other will be either: choose another sampler, or leave it out.',
    );
  });
});

describe('the way to the next trace', () => {
  test('is short where the command line looks by itself', async () => {
    expect(await written('00', {})).toContain('\n\nnpx longpole bottleneck\n\n');
  });

  test('names the backend when it is elsewhere', async () => {
    expect(await written('00', {}, 'http://127.0.0.1:26686')).toContain(
      '\n\nnpx longpole bottleneck --source http://127.0.0.1:26686\n\n',
    );
  });

  test('gives no link to a trace that could not be read', async () => {
    const text = await written('01', { ...(process.env as Record<string, string>) }, 'ftp://127.0.0.1');
    expect(text).toMatch(/\nerror: .*ERR_LONGPOLE_.*\n\nSend another:/);
    expect(text).not.toContain('/trace/');
  }, 40_000);
});
