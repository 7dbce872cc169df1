// Work that a request leaves behind is marked as such.

import { describe, expect, it } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import { Shaped } from './support/shaped.ts';

const MARK = 'longpole.after_response';

describe('longpole.after_response', () => {
  it('is on spans that start after the SERVER span has ended, however deep below it', () => {
    const world = new Shaped();
    const request = world.request();
    const during = world.leaf('during', request);
    world.end(request);
    const late = world.start('late', during);
    world.leaf('deeper', late, { kind: SpanKind.CLIENT });
    world.leaf('sent', request, { kind: SpanKind.PRODUCER });
    world.end(late);
    world.shaper.releaseHeld();
    const marks = Object.fromEntries(
      world.sink.spans.map(({ name, attributes }) => [name, attributes[MARK]]),
    );
    expect(marks).toEqual({ during: undefined, 'GET /': undefined, late: true, deeper: true, sent: true });
  });

  it('is not on a span that started before and ends after', () => {
    const world = new Shaped();
    const request = world.request();
    const overlapping = world.start('overlapping', request);
    world.end(request);
    world.end(overlapping);
    expect(world.sink.named('overlapping')[0]?.attributes).toEqual({});
  });

  it('is not on SERVER and CONSUMER spans, which are no work of that request', () => {
    const world = new Shaped();
    const request = world.request();
    world.end(request);
    world.leaf('server', request, { kind: SpanKind.SERVER });
    world.leaf('consumer', request, { kind: SpanKind.CONSUMER });
    for (const { attributes } of world.sink.spans) expect(attributes).toEqual({});
  });

  it('needs a SERVER span as local root: a job has no response', () => {
    const world = new Shaped();
    const job = world.start('job', undefined, { kind: SpanKind.CONSUMER });
    world.end(job);
    world.leaf('late', job);
    world.shaper.releaseHeld();
    expect(world.sink.named('late')[0]?.attributes).toEqual({});
  });

  it('goes by the request a span belongs to, not by others that end meanwhile', () => {
    const world = new Shaped();
    const [first, second] = [world.request('first'), world.request('second')];
    world.end(first);
    world.leaf('of second', second);
    world.leaf('of first', first);
    world.shaper.releaseHeld();
    expect(world.sink.named('of second')[0]?.attributes[MARK]).toBeUndefined();
    expect(world.sink.named('of first')[0]?.attributes[MARK]).toBe(true);
  });
});
