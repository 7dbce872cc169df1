// Trace ids as people paste them.
import { expect, test } from '@jest/globals';
import { parseTraceId, traceIdInUrl } from '../../src/sources/trace-id.ts';

const ID = '0af7651916cd43dd8448eb211c80319c';

test.each([
  [ID, ID],
  [` ${ID.toUpperCase()} `, ID],
  [`00-${ID}-b7ad6b7169203331-01`, ID],
  [`00-${ID}--01`, ID],
  [`traceresponse: 00-${ID}-b7ad6b7169203331-01\r\n`, ID],
  [`Traceparent:00-${ID}-b7ad6b7169203331-00`, ID],
  ['0af76519-16cd-43dd-8448-eb211c80319c', ID],
  ['8448eb211c80319c', `0000000000000000${'8448eb211c80319c'}`],
])('%j is the id %s', (text, id) => {
  expect(parseTraceId(text)).toBe(id);
});

test.each(['', 'traces.json', 'beef', '0'.repeat(32), `${ID}0`, 'xyz', '-'])('%j is no id', (text) => {
  expect(parseTraceId(text)).toBeUndefined();
});

test.each([
  [`http://h/trace/${ID}`, ID],
  [`http://h/jaeger/api/traces/${ID}?prettyPrint=true`, ID],
  [`http://h/api/v3/traces/${ID.toUpperCase()}/`, ID],
  ['http://h/search?service=x', undefined],
  ['http://h/trace/nothing', undefined],
])('the id in the address %s is %s', (url, id) => {
  expect(traceIdInUrl(url)).toBe(id);
});
