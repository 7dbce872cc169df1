// Filters in the address, as chips.
import { describe, expect, it } from '@jest/globals';
import { chipsOf, withoutChip } from '../../src/pages/traces/chips.ts';

function place(search: string) {
  return { path: '/', query: new URLSearchParams(search) };
}

describe('the chips of the filters', () => {
  it('say every filter, those of a brush too, and one for each attribute', () => {
    const { query } = place(
      'service=payment&attribute=a%3D1&attribute=b%3D2&minDurationMs=100&maxDurationMs=2500&startMs=1795341610000&endMs=1795341620000&errors=true&page=2',
    );
    const texts = chipsOf(query).map(({ text }) => text);
    expect(texts.slice(0, 5)).toEqual([
      'service payment',
      'a=1',
      'b=2',
      'at least 100 ms',
      'at most 2 500 ms',
    ]);
    expect(texts.slice(5, 7).map((text) => text.split(' ').slice(0, 2).join(' '))).toEqual([
      'began after',
      'began before',
    ]);
    expect(texts[7]).toBe('only errors');
    expect(texts).toHaveLength(8);
  });

  it('repeat what is no number or time as it is, without control characters', () => {
    const { query } = place('minDurationMs=fast&startMs=9e99&service=a%00b');
    expect(chipsOf(query).map(({ text }) => text)).toEqual([
      'service a\uFFFDb',
      'at least fast',
      'began after 9e99',
    ]);
  });

  it('are taken away one by one', () => {
    const here = place('attribute=a%3D1&attribute=b%3D2');
    const [first] = chipsOf(here.query);
    expect(withoutChip(here, first ?? { name: '', value: '', text: '' })).toBe('/?attribute=b%3D2');
    const last = place('errors=true');
    expect(withoutChip(last, { name: 'errors', value: 'true', text: '' })).toBe('/');
  });
});
