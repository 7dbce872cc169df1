// Random ids: their form, and that none comes twice.
import { expect, test } from '@jest/globals';
import { RandomIds } from '../../src/recording/random-ids.ts';

test('makes ids of the lengths that W3C Trace Context asks for, in lower case', () => {
  const ids = new RandomIds();
  for (let i = 0; i < 2000; i++) {
    expect(ids.generateTraceId()).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
    expect(ids.generateSpanId()).toMatch(/^(?!0{16})[0-9a-f]{16}$/);
  }
});

test('makes no id twice, whatever the order in which lengths are asked for', () => {
  const ids = new RandomIds();
  const made = Array.from({ length: 20_000 }, (_, i) =>
    i % 3 === 0 ? ids.generateSpanId() : ids.generateTraceId(),
  );
  expect(new Set(made).size).toBe(made.length);
});

test('uses all bytes of an id, as the random flag promises', () => {
  const ids = new RandomIds();
  const made = Array.from({ length: 500 }, () => ids.generateTraceId());
  for (let digit = 0; digit < 32; digit++) {
    expect(new Set(made.map((id) => id[digit])).size).toBe(16);
  }
});
