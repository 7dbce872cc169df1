// What is said in place of content: it loads, it failed, there is nothing.
import type { ReactNode } from 'react';

export function Failure({ error, retry }: { readonly error: Error; retry(): void }): ReactNode {
  return (
    <div className="notice bad" role="alert">
      <p>{error.message}</p>
      <button type="button" onClick={retry}>
        Try again
      </button>
    </div>
  );
}

export function Loading({ what }: { readonly what: string }): ReactNode {
  return (
    <p className="quiet" role="status">
      Loading {what} …
    </p>
  );
}
