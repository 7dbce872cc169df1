// What an export result means: delivered, worth another try, too large or refused.

import { describe, expect, it } from '@jest/globals';
import { ExportResultCode } from '@opentelemetry/core';
import { AnswerError, outcomeOf } from '../../src/start/export-outcome.ts';

const outcomeOfError = (error?: unknown) =>
  outcomeOf({ code: ExportResultCode.FAILED, ...(error === undefined ? {} : { error: error as Error }) });
const withCode = (code: unknown): Error => Object.assign(new Error('no'), { code });

describe('a failed export', () => {
  it.each([429, 502, 503, 504])('with status %i is worth another try', (status) => {
    expect(outcomeOfError(withCode(status))).toEqual({
      kind: 'retry',
      cause: `http_${status}`,
      retryAfterMs: undefined,
    });
    expect(outcomeOfError(new AnswerError(status, 2000))).toMatchObject({
      kind: 'retry',
      retryAfterMs: 2000,
    });
  });

  it.each(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH'])(
    'with %s is worth another try',
    (code) => {
      expect(outcomeOfError(withCode(code))).toMatchObject({ kind: 'retry', cause: code });
    },
  );

  it.each([400, 401, 403, 404, 405, 415, 500, 501])('with status %i is refused', (status) => {
    expect(outcomeOfError(withCode(status))).toEqual({ kind: 'refused', cause: `http_${status}` });
  });

  it.each([
    [new Error('Request timed out'), 'retry', 'timeout'],
    [withCode(413), 'too_large', 'http_413'],
    [withCode('DEPTH_ZERO_SELF_SIGNED_CERT'), 'refused', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    [new Error('anything'), 'refused', 'export_failed'],
    ['a string', 'refused', 'export_failed'],
    [null, 'refused', 'export_failed'],
    [undefined, 'refused', 'export_failed'],
  ])('%p: %s, %s', (error, kind, cause) => {
    expect(outcomeOfError(error)).toMatchObject({ kind, cause });
  });
});

describe('a successful export', () => {
  it('may have rejected some spans', () => {
    expect(outcomeOf({ code: ExportResultCode.SUCCESS })).toEqual({ kind: 'delivered', rejected: 0 });
    expect(outcomeOf({ code: ExportResultCode.SUCCESS, rejected: 3 })).toEqual({
      kind: 'delivered',
      rejected: 3,
    });
  });
});
