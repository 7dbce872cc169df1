// The record of a request is found on its request and response, whatever request has come after it.

import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import {
  letGoOf,
  RequestRecord,
  recordOf,
  rememberRecord,
  requestRecordOf,
} from '../../src/http/server-record.ts';
import { sharedState } from '../../src/shared/state.ts';

function received(): { request: IncomingMessage; response: ServerResponse; record: RequestRecord } {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  const record = new RequestRecord(ROOT_CONTEXT);
  rememberRecord(request, response, record);
  return { request, response, record };
}

describe('the record of a request', () => {
  it('is found while other requests come and go', () => {
    const [first, second, third] = [received(), received(), received()];
    letGoOf(third.record);
    letGoOf(first.record);
    for (const { request, response, record } of [first, second, third]) {
      expect(requestRecordOf(request)).toBe(record);
      expect(requestRecordOf(response)).toBe(record);
    }
    expect(requestRecordOf(new IncomingMessage(new Socket()))).toBeUndefined();
  });

  it('is the new one where another has taken its place', () => {
    const { request, response } = received();
    const record = new RequestRecord(ROOT_CONTEXT);
    rememberRecord(request, response, record);
    expect([requestRecordOf(request), requestRecordOf(response)]).toEqual([record, record]);
    expect(recordOf(request)).toBeUndefined();
  });

  it('keeps no request that has ended', () => {
    const { record } = received();
    expect(sharedState().latest?.record).toBe(record);
    letGoOf(record);
    expect(sharedState().latest).toBeUndefined();
  });
});
