// The doctor's options: checked when it is made, with the word that was meant.
import { expect, test } from '@jest/globals';
import {
  createDoctor,
  type DEFAULT_THRESHOLDS,
  DoctorError,
  type DoctorOptions,
  diagnose,
  parseFindingCode,
} from '../../../src/analysis/findings/index.ts';
import { SmallestMap } from '../../../src/analysis/findings/smallest.ts';
import { diagnoseRecorded } from './recorded.ts';

test.each<[object, string]>([
  [{ onyl: [] }, 'There is no option onyl. Did you mean only?'],
  [{ only: ['n-plus-on'] }, 'There is no finding "n-plus-on". Did you mean n-plus-one?'],
  [{ ignore: ['Noise'] }, 'There is no finding "Noise". Did you mean noise?'],
  [{ only: 'noise' }, 'only is string: it must be a list of codes.'],
  [{ thresholds: { noiseRepeat: 3 } }, 'There is no threshold noiseRepeat. Did you mean noiseRepeats?'],
  [{ thresholds: { graceMs: -1 } }, 'The threshold graceMs is -1: it must be a number, 0 or more.'],
  [{ thresholds: { graceMs: '5' } }, 'The threshold graceMs is 5: it must be a number, 0 or more.'],
  [{ thresholds: { graceMs: Number.NaN } }, 'The threshold graceMs is NaN: it must be a number, 0 or more.'],
  [{ nowNs: 5 }, 'nowNs is 5: it must be a bigint of nanoseconds.'],
  [{ complete: 'yes' }, 'complete is yes: it must be true or false.'],
])('%j is an error', (options, message) => {
  const make = () => createDoctor(options as DoctorOptions);
  expect(make).toThrow(DoctorError);
  expect(make).toThrow(expect.objectContaining({ code: 'ERR_LONGPOLE_DOCTOR_OPTION', message }));
  expect(() => diagnose([], options as DoctorOptions)).toThrow(DoctorError);
});

test('what is undefined counts as absent', () => {
  const thresholds = { graceMs: undefined } as unknown as typeof DEFAULT_THRESHOLDS;
  expect(diagnoseRecorded(['noise'], { thresholds }).map(({ code }) => code)).toEqual(['noise']);
});

test('only and ignore choose what is looked for', () => {
  const all = ['noise', 'propagation', 'retry-storm'];
  const codes = (options: DoctorOptions) => diagnoseRecorded(all, options).map(({ code }) => code);
  expect(codes({})).toEqual(['broken-propagation', 'noise', 'retry-storm']);
  expect(codes({ only: ['noise', 'retry-storm'] })).toEqual(['noise', 'retry-storm']);
  expect(codes({ ignore: ['noise'] })).toEqual(['broken-propagation', 'retry-storm']);
  expect(codes({ only: ['noise'], ignore: ['noise'] })).toEqual([]);
});

test('thresholds change what is worth a finding', () => {
  expect(diagnoseRecorded(['noise'], { thresholds: { noiseRepeats: 51, noiseSpans: 1_000 } })).toEqual([]);
  expect(diagnoseRecorded(['n-plus-one'], { thresholds: { nPlusOneCalls: 5 } })).toEqual([]);
});

test('a code is parsed, or answered with the nearest one', () => {
  expect(parseFindingCode('lost-job')).toBe('lost-job');
  expect(() => parseFindingCode('lost-jobs')).toThrow('Did you mean lost-job?');
});

test('the map of the smallest keys keeps exact counts whatever the order of keys', () => {
  const keys = Array.from({ length: 1_000 }, (_, i) => String((i * 7_919) % 250).padStart(3, '0'));
  const map = new SmallestMap<string, { count: number }>(10);
  for (const key of keys) {
    const entry = map.open(key, () => ({ count: 0 }));
    if (entry !== undefined) entry.count += 1;
  }
  const expected = Array.from({ length: 10 }, (_, i) => [String(i).padStart(3, '0'), { count: 4 }]);
  expect(map.entries()).toEqual(expected);
});
