// The reader of unittest's output: it must never take a failed or missing test for a passed one.

import { describe, expect, it } from '@jest/globals';
import { readReport } from './read-report.ts';

describe('reading what unittest prints', () => {
  it('reads a verdict behind the name, and one behind the description on the next line', () => {
    const output = [
      'test_one (__main__.FirstTest.test_one) ... ok',
      'test_two (__main__.FirstTest.test_two)',
      'sends something and expects something ... FAIL',
      'test_three (__main__.SecondTest) ... ERROR',
      "test_four (__main__.SecondTest) ... skipped 'strict'",
      '',
      'Ran 4 tests in 0.300s',
    ].join('\n');
    expect(readReport(output)).toEqual({
      ran: 4,
      results: [
        { name: 'FirstTest.test_one', verdict: 'ok' },
        { name: 'FirstTest.test_two', verdict: 'FAIL' },
        { name: 'SecondTest.test_three', verdict: 'ERROR' },
        { name: 'SecondTest.test_four', verdict: "skipped 'strict'" },
      ],
    });
  });

  it('reads a verdict that other output has pushed to a line of its own', () => {
    const output = 'test_one (__main__.A.test_one) ... warning: noise\nok\nRan 1 test in 1s\n';
    expect(readReport(output)).toEqual({ ran: 1, results: [{ name: 'A.test_one', verdict: 'ok' }] });
  });

  it('has no result for a run that broke off', () => {
    expect(readReport('Traceback (most recent call last):\nOSError: boom')).toEqual({
      ran: undefined,
      results: [],
    });
    expect(readReport('test_one (__main__.A.test_one)\nsends something ...').results).toEqual([]);
  });

  it('does not take the list of failures at the end for results', () => {
    const output = [
      'test_one (__main__.A.test_one) ... FAIL',
      'FAIL: test_one (__main__.A.test_one)',
      'AssertionError: 1 != 2 ... ok',
      'Ran 1 test in 1s',
    ].join('\n');
    expect(readReport(output).results).toEqual([{ name: 'A.test_one', verdict: 'FAIL' }]);
  });
});
