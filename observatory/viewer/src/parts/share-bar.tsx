// The services on a critical path as one bar; the numbers are in its label.
import type { ReactNode } from 'react';
import { percentText } from '../../../src/trace/duration-text.ts';
import type { Verdict } from '../../../src/view/index.ts';
import { serviceStyle } from './service-colour.ts';
import { shown } from './shown.ts';

export function ShareBar({ services }: Pick<Verdict, 'services'>): ReactNode {
  const label = services
    .map(({ service, share }) => `${shown(service, 40)} ${percentText(share)}`)
    .join(', ');
  return (
    <span className="share" role="img" aria-label={label} title={label}>
      {services.map(({ service, share }) => (
        <span key={service} style={serviceStyle(service, { flexGrow: share, flexBasis: 0 })} />
      ))}
    </span>
  );
}
