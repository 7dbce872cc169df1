// What an empty list says: how to send a trace.
import type { ReactNode } from 'react';
import { fetchWelcome } from '../../api/client.ts';
import { useLoaded } from '../../api/use-loaded.ts';
import { CopyButton } from '../../parts/copy-button.tsx';

const LINE = 'app.use(tracing({ service: \'orders\' })); // import { tracing } from "@longpole/express"';

export function EmptyState(): ReactNode {
  const { value } = useLoaded('welcome', fetchWelcome);
  return (
    <section aria-labelledby="send">
      <h2 id="send">No traces yet. Send one:</h2>
      <p>From an Express app, one line:</p>
      <Code text={LINE} />
      <CopyButton text={LINE} label="Copy the line" />
      <p>From a shell{value === undefined ? '' : `, to ${value.otlpUrl}`}:</p>
      <Code text={value?.curl ?? '…'} />
      {value === undefined ? null : <CopyButton text={value.curl} label="Copy the command" />}
    </section>
  );
}

/** Longer lines scroll, also by the keyboard. */
function Code({ text }: { readonly text: string }): ReactNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable
    <pre tabIndex={0}>{text}</pre>
  );
}
