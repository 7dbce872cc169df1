// The language of `--fail-if`.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LimitError, parseLimit } from '../../../src/analysis/limits/index.ts';

function errorOf(text: string): LimitError {
  try {
    parseLimit(text);
  } catch (error) {
    if (error instanceof LimitError) return error;
    throw error;
  }
  throw new Error(`${text} was understood`);
}

describe('a limit', () => {
  test.each([
    ['p95 > 800ms', { kind: 'percentile', percentile: 95 }, '>', 800e6],
    ['p50 >= 1.5s', { kind: 'percentile', percentile: 50 }, '>=', 1.5e9],
    ['p99.9>2min', { kind: 'percentile', percentile: 99.9 }, '>', 120e9],
    ['P95 ≥ 800 µs', { kind: 'percentile', percentile: 95 }, '>=', 800e3],
    ['median <= 1_500ms', { kind: 'percentile', percentile: 50 }, '<=', 1500e6],
    ['max > 3s', { kind: 'max' }, '>', 3e9],
    ['mean > 1h', { kind: 'mean' }, '>', 3600e9],
    ['errors > 1%', { kind: 'errors' }, '>', 0.01],
    ['errors > 0 %', { kind: 'errors' }, '>', 0],
    ['count < 100', { kind: 'count' }, '<', 100],
    ['slower > 10%', { kind: 'slower' }, '>', 0.1],
    ['slower > 250%', { kind: 'slower' }, '>', 2.5],
    ['network > 20%', { kind: 'time', time: 'network' }, '>', 0.2],
    ['untraced >= .5%', { kind: 'time', time: 'untraced' }, '>=', 0.005],
    ['payment > 60%', { kind: 'share', service: 'payment', operation: undefined }, '>', 0.6],
    ['payment · charge > 60%', { kind: 'share', service: 'payment', operation: 'charge' }, '>', 0.6],
    ['gateway·POST /a·b > 5%', { kind: 'share', service: 'gateway', operation: 'POST /a · b' }, '>', 0.05],
    ['shop · a > b > 5%', { kind: 'share', service: 'shop', operation: 'a > b' }, '>', 0.05],
    ['"network" > 20%', { kind: 'share', service: 'network', operation: undefined }, '>', 0.2],
    ['"queue · drain" > 20%', { kind: 'share', service: 'queue', operation: 'drain' }, '>', 0.2],
    ['my shop > 20%', { kind: 'share', service: 'my shop', operation: undefined }, '>', 0.2],
    ['constructor > 20%', { kind: 'share', service: 'constructor', operation: undefined }, '>', 0.2],
  ])('%s', (text, subject, operator, value) => {
    const limit = parseLimit(text);
    expect(limit).toMatchObject({ text, subject, operator });
    expect(limit.value).toBeCloseTo(value, 9);
  });

  test('keeps its text without the spaces around it', () => {
    expect(parseLimit('  max>3s ').text).toBe('max>3s');
  });
});

describe('what is no limit is answered with the place and the cure', () => {
  test.each([
    [
      '',
      "Limit '', character 1: it is empty. Write limits as 'p95 > 800ms', 'payment > 60%' or 'errors > 1%'.",
    ],
    [
      'p95',
      "Limit 'p95', character 1: there is no comparison (>, >=, < or <=) in it. Write limits as 'p95 > 800ms', 'payment > 60%' or 'errors > 1%'.",
    ],
    [
      'p95 >',
      "Limit 'p95 >', character 6: there is no number after the comparison. Write limits as 'p95 > 800ms', 'payment > 60%' or 'errors > 1%'.",
    ],
    [
      '> 800ms',
      "Limit '> 800ms', character 1: there is nothing before the '>'. Write limits as 'p95 > 800ms', 'payment > 60%' or 'errors > 1%'.",
    ],
    ['p95 > 800', "Limit 'p95 > 800', character 7: 800 has no unit. Did you mean 'p95 > 800ms'?"],
    [
      'payment > 60',
      "Limit 'payment > 60', character 1: 'payment' has no number without a unit. Did you mean 'payment > 60%'?",
    ],
    ['errors >= 5', "Limit 'errors >= 5', character 11: 5 has no unit. Did you mean 'errors >= 5%'?"],
    [
      'p95 > 60%',
      "Limit 'p95 > 60%', character 7: p95 is a duration and 60% is none. Write 'p95 > 800ms' or 'p95 > 1.5s'.",
    ],
    [
      'errors > 5ms',
      "Limit 'errors > 5ms', character 10: errors is a share and 5ms is none. Write 'errors > 10%'.",
    ],
    [
      'count < 5%',
      "Limit 'count < 5%', character 9: count is a number of traces and has no unit. Write 'count < 100'.",
    ],
    [
      'count < 1.5',
      "Limit 'count < 1.5', character 9: count is a whole number of traces. Write 'count < 100'.",
    ],
    ['p95 >> 800ms', "Limit 'p95 >> 800ms', character 5: '>>' is no comparison. Did you mean >?"],
    ['p95 => 800ms', "Limit 'p95 => 800ms', character 5: '=>' is no comparison. Did you mean >=?"],
    ['p95 == 800ms', "Limit 'p95 == 800ms', character 5: '==' is no comparison. Use >, >=, < or <=."],
    ['p95 > 800mz', "Limit 'p95 > 800mz', character 10: there is no unit 'mz'. Did you mean 800ms?"],
    ['p95 > 8 seconds', "Limit 'p95 > 8 seconds', character 9: there is no unit 'seconds'. Did you mean 8s?"],
    [
      'p95 > 8 parsecs',
      "Limit 'p95 > 8 parsecs', character 9: there is no unit 'parsecs'. Durations end in ns, us, ms, s, min or h, shares in %.",
    ],
    [
      'p95 > 1,5s',
      "Limit 'p95 > 1,5s', character 7: '1,5s' is no number with a unit. Write decimals with a point, 1.5s.",
    ],
    [
      'p95 > -5ms',
      "Limit 'p95 > -5ms', character 7: '-5ms' is no number with a unit. Write limits as 'p95 > 800ms', 'payment > 60%' or 'errors > 1%'.",
    ],
    [
      'p100 > 5ms',
      "Limit 'p100 > 5ms', character 1: there is no p100: percentiles lie between 0 and 100. Write 'max' for the longest of all.",
    ],
    [
      'meen > 5ms',
      "Limit 'meen > 5ms', character 1: 'meen' is nothing that has a duration. Did you mean 'mean'?",
    ],
    [
      'avg > 5ms',
      "Limit 'avg > 5ms', character 1: 'avg' is nothing that has a duration. Did you mean 'mean'?",
    ],
    [
      'errrors > 5%',
      "Limit 'errrors > 5%', character 1: did you mean 'errors'? For a service of that name write '\"errrors\" …'.",
    ],
    [
      'slower < 10%',
      "Limit 'slower < 10%', character 10: slower is compared with > or >= only. Write 'slower > 10%'.",
    ],
    [
      'payment > 100%',
      "Limit 'payment > 100%', character 11: no share is larger than 100 %, so this limit could never be broken. Give a number from 0% to 99%.",
    ],
  ])('%j', (text, message) => {
    const error = errorOf(text);
    expect(error.message).toBe(message);
    expect(error).toMatchObject({ code: 'ERR_LONGPOLE_LIMIT', name: 'LimitError', text });
  });

  test('whatever is written: a limit or a LimitError with a place inside of the text', () => {
    const pieces = fc.constantFrom(
      'p95',
      'p',
      '>',
      '<',
      '=',
      ' ',
      '800',
      'ms',
      '%',
      'payment',
      '·',
      '"',
      '.',
      ',',
      'errors',
      '-',
      'é',
      '\n',
      '',
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 8 }).map((list) => list.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          expect(Number.isFinite(parseLimit(text).value)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(LimitError);
          const { position } = error as LimitError;
          expect(position).toBeGreaterThanOrEqual(0);
          expect(position).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('what was meant', () => {
  test.each(['p95 > 800ms && payment > 60%', 'p95 > 800ms, payment > 60%', 'p95 > 1s and errors > 1%'])(
    'two limits in one: %s',
    (text) => {
      expect(errorOf(text).message).toContain('these are two limits. Give each its own --fail-if.');
    },
  );
});
