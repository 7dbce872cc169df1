// The doctor on the demo's own faults: each is named, and nothing else; a healthy demo has no findings.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { diagnose, type FindingCode } from '../../../src/analysis/findings/index.ts';
import { diagnoseRecorded, later, recorded } from './recorded.ts';

const HEALTHY = ['healthy', 'concurrent', 'fast', 'declined', 'unknown'];

/** Each recorded fault, and the one thing the doctor says of it. */
const FAULTS: readonly (readonly [string, FindingCode, string, readonly string[]])[] = [
  [
    'propagation',
    'broken-propagation',
    'gateway called payment 2 times without the trace context: payment · POST /charges began a trace of its own each time.',
    ['gateway', 'payment'],
  ],
  [
    'async',
    'broken-propagation',
    'notify · process receipt processed messages once without a link to the request that sent them.',
    ['notify'],
  ],
  ['noise', 'noise', 'payment · poll is there up to 50 times below one span.', ['payment']],
  [
    'n-plus-one',
    'n-plus-one',
    'inventory · POST /reservations makes the same call up to 4 times: inventory · read product (SELECT products), 164 ms in each trace together.',
    ['inventory'],
  ],
  [
    'retry-storm',
    'retry-storm',
    'payment · POST /charges tries payment · authorize with acquirer up to 3 times in a row; the attempts that failed take 1 252 ms of each trace.',
    ['payment'],
  ],
  [
    'lost-job',
    'lost-job',
    '1 of the jobs of notify · send receipt never began: no CONSUMER span is linked to them after 30 002 ms and more, and none has been processed.',
    ['notify'],
  ],
  [
    'sampling',
    'sampling-loses-errors',
    '4 of 4 jobs of notify · process receipt were ordered by requests that were not sampled (100 %): whether these failed cannot be found out.',
    ['notify'],
  ],
  [
    'swallowed-error',
    'swallowed-error',
    'payment · record charge failed once (LedgerLocked) inside payment · POST /charges, which ended as if nothing had happened.',
    ['payment'],
  ],
  [
    'notify-fails',
    'swallowed-error',
    'gateway → notify · POST /notifications failed once (503) inside gateway · POST /api/checkout, which ended as if nothing had happened.',
    ['gateway'],
  ],
  [
    'inventory-fails',
    'error-storm',
    '5 of 5 requests of gateway · POST /api/checkout failed (100 %): the errors begin at inventory · POST /reservations (Problem).',
    ['gateway', 'inventory'],
  ],
  [
    'hang',
    'error-storm',
    '5 of 5 requests of gateway · POST /api/checkout failed (100 %): the errors begin at payment · authorize with acquirer (AbortError), whose caller ran out of time.',
    ['gateway', 'payment'],
  ],
];

describe('a healthy demo', () => {
  test.each(HEALTHY)('has no findings: %s', (name) => {
    expect(recorded(name).length).toBeGreaterThan(0);
    expect(diagnoseRecorded([name])).toEqual([]);
  });

  test('has none in all of its traces together', () => {
    expect(diagnoseRecorded(HEALTHY)).toEqual([]);
  });

  test('has none in any single trace, read at once', () => {
    for (const analysis of HEALTHY.flatMap(recorded)) expect(diagnose([analysis])).toEqual([]);
  });
});

describe('a fault of the demo', () => {
  test.each(FAULTS)('%s is %s, and nothing else', (name, code, sentence, services) => {
    const findings = diagnoseRecorded([name]);
    expect(
      findings.map((one) => ({ code: one.code, sentence: one.sentence, services: one.services })),
    ).toEqual([{ code, sentence, services }]);
  });

  test('attributes are missing in every service, and nothing else', () => {
    const findings = diagnoseRecorded(['attributes']);
    expect(findings.map(({ code, sentence }) => [code, sentence])).toEqual([
      ['missing-attributes', 'auth · POST /sessions/verify ended once without user.id.'],
      [
        'missing-attributes',
        'gateway · POST /api/checkout ended once without cart.total, order.id, user.id.',
      ],
      ['missing-attributes', 'inventory · POST /reservations ended once without order.id.'],
      ['missing-attributes', 'notify · POST /notifications ended once without notification.id, order.id.'],
      ['missing-attributes', 'payment · POST /charges ended once without order.id, payment.id.'],
    ]);
  });

  test('is found among healthy traces too, with the traces that show it', () => {
    const [found, ...others] = diagnoseRecorded([...HEALTHY, 'propagation']);
    const torn = recorded('propagation').filter(({ tree }) => tree.nodes.length > 1);
    expect(others).toEqual([]);
    expect(found?.traceIds).toEqual(torn.map(({ tree }) => tree.traceId).sort());
    expect(found?.evidence.map(({ service, operation }) => `${service} ${operation}`).sort()).toEqual([
      'gateway POST',
      'gateway POST',
      'payment POST /charges',
      'payment POST /charges',
    ]);
  });
});

test('every recording is used', () => {
  const files = readdirSync(join(__dirname, 'fixtures')).filter((file) => file.endsWith('.jsonl'));
  const used = [...HEALTHY, 'attributes', ...FAULTS.map(([name]) => name)];
  expect(files.map((file) => file.replace('.otlp.jsonl', '')).sort()).toEqual(used.toSorted());
});

test('a lost job is not told before its time, nor where its kind may be missing from the set', () => {
  const analyses = recorded('lost-job');
  const nowNs = later(analyses);
  expect(diagnose(analyses, { complete: true })).toEqual([]);
  expect(diagnose(analyses, { nowNs })).toEqual([]);
  expect(diagnose(analyses, { complete: true, nowNs }).map(({ code }) => code)).toEqual(['lost-job']);
});
