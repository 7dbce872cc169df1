// The trace as OTLP JSON, to copy or to keep.
import { type ReactNode, useState } from 'react';
import { getText } from '../../api/client.ts';
import { useLoaded } from '../../api/use-loaded.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Failure, Loading } from '../../parts/notice.tsx';

/** Characters shown; of longer traces the rest is in the file. */
const SHOWN = 200_000;
/** A larger trace is only shown when asked for: it would be tens of megabytes. */
const MANY_SPANS = 5_000;

function Text({ address }: { readonly address: string }): ReactNode {
  const { value, error, reload } = useLoaded(address, (signal) =>
    getText(`${address}?prettyPrint=true`, signal),
  );
  if (error !== undefined) return <Failure error={error} retry={reload} />;
  if (value === undefined) return <Loading what="the trace" />;
  return (
    <>
      <CopyButton text={value} label="Copy" />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable */}
      <pre className="json" tabIndex={0}>
        {value.slice(0, SHOWN)}
      </pre>
      {value.length > SHOWN ? <p>Only the first {SHOWN} characters are shown.</p> : null}
    </>
  );
}

interface JsonTabProps {
  readonly traceId: string;
  readonly spans: number;
}

export function JsonTab({ traceId, spans }: JsonTabProps): ReactNode {
  const [isAsked, setAsked] = useState(spans <= MANY_SPANS);
  const address = `/api/v3/traces/${traceId}`;
  return (
    <>
      <p>
        <a href={address} download={`${traceId}.json`}>
          Download
        </a>{' '}
        <span className="quiet">
          OTLP JSON; <code>longpole bottleneck {traceId}.json</code> reads it.
        </span>
      </p>
      {isAsked ? (
        <Text address={address} />
      ) : (
        <button type="button" onClick={() => setAsked(true)}>
          Show it here
        </button>
      )}
    </>
  );
}
