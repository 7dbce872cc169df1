// Findings of the doctor: what is wrong, why, what to do, and the traces that show it.
import type { ReactNode } from 'react';
import type { Finding } from '../../../src/analysis/findings/index.ts';
import { countText } from '../../../src/trace/duration-text.ts';
import { Link } from '../routing/link.tsx';
import { shown } from './shown.ts';

function Evidence({ finding }: { readonly finding: Finding }): ReactNode {
  return (
    <details>
      <summary>
        {countText(finding.count, 'time')} in {countText(finding.traces, 'trace')}
      </summary>
      <ul>
        {finding.evidence.map(({ traceId, spanId, service, operation }) => (
          <li key={`${traceId}${spanId}`}>
            <Link to={`/trace/${traceId}?span=${spanId}`}>
              {shown(service, 40)} · {shown(operation, 80)}
            </Link>
          </li>
        ))}
      </ul>
    </details>
  );
}

interface FindingListProps {
  readonly findings: readonly Finding[];
  /** What is said when there are none. */
  readonly whenNone?: string;
}

export function FindingList({
  findings,
  whenNone = 'Nothing is wrong, as far as these traces show.',
}: FindingListProps): ReactNode {
  if (findings.length === 0) {
    return (
      <p className="notice" role="status">
        {whenNone}
      </p>
    );
  }
  return (
    <ul className="findings">
      {findings.map((finding) => (
        <li
          key={`${finding.code} ${finding.sentence}`}
          className={`notice ${finding.severity === 'error' ? 'bad' : 'warn'}`}
        >
          <p>
            <strong>{finding.code}</strong> <span className="quiet">({finding.severity})</span>
          </p>
          <p>{shown(finding.sentence, 2_000)}</p>
          <p>
            <span className="quiet">Cause:</span> {shown(finding.cause, 2_000)}
          </p>
          <p>
            <span className="quiet">Cure:</span> {shown(finding.cure, 2_000)}
          </p>
          <Evidence finding={finding} />
        </li>
      ))}
    </ul>
  );
}
