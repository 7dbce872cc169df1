// The trace as OTLP JSON, to copy or to keep.
import type { ReactNode } from 'react';
import { getJson } from '../../api/client.ts';
import { useLoaded } from '../../api/use-loaded.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Failure, Loading } from '../../parts/notice.tsx';

const SHOWN = 200_000;

export function JsonTab({ traceId }: { readonly traceId: string }): ReactNode {
  const loaded = useLoaded(`json ${traceId}`, async (signal) => {
    const answer = await getJson<{ result: unknown }>(`/api/v3/traces/${traceId}`, signal);
    return JSON.stringify(answer.result, undefined, 2);
  });
  if (loaded.error !== undefined) return <Failure error={loaded.error} retry={loaded.reload} />;
  const { value } = loaded;
  if (value === undefined) return <Loading what="the trace" />;
  return (
    <>
      <div className="row">
        <CopyButton text={value} label="Copy" />
        <a
          href={`data:application/json;charset=utf-8,${encodeURIComponent(value)}`}
          download={`${traceId}.json`}
        >
          Download
        </a>
        <span className="quiet">
          OTLP JSON; <code>longpole bottleneck {traceId}.json</code> reads it.
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable */}
      <pre className="json" tabIndex={0}>
        {value.slice(0, SHOWN)}
      </pre>
      {value.length > SHOWN ? <p>Only the first {SHOWN} characters are shown.</p> : null}
    </>
  );
}
