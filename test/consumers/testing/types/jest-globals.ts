// For the type checker: the globals of Jest, in the way that @types/jest declares them.

import { captureTraces } from '@longpole/express/testing';

declare global {
  namespace jest {
    // biome-ignore lint/complexity/noBannedTypes: declared so by @types/jest
    interface Matchers<R, T = {}> {
      toBe(expected: unknown): R;
    }
  }
  function expect<T>(actual: T): jest.Matchers<void, T> & { not: jest.Matchers<void, T> };
}

const traces = captureTraces();

export async function check(response: Response): Promise<void> {
  const trace = await traces.of(response);
  expect(trace.isComplete).toBe(true);
  expect(trace).toHaveSpan('GET /items/:id', { attributes: { 'user.id': /^a/ } });
  expect(trace).not.toHaveError();
  // @ts-expect-error a misspelt option
  expect(trace).toStayWithinBudget({ span: 3 });
}
